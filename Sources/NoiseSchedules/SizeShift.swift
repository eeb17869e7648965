import Foundation
import InputErrors

/// The shift of a rectified flow that grows with the size of an image (diffusers' `use_dynamic_shifting` and
/// `calculate_shift`): μ is linear in the number of tokens, squares of 2×2 elements of the latent.
struct SizeShift: Sendable, Equatable {
    /// What μ stands for (`time_shift_type`).
    enum Kind: String, Sendable, CaseIterable {
        /// The logarithm of the shift.
        case exponential
        /// The shift.
        case linear

        func shift(_ mu: Double) -> Double { self == .exponential ? exp(mu) : mu }
    }

    /// One place of the line.
    struct Place: Sendable, Equatable {
        let tokens: Int
        let mu: Double
    }

    /// What μ stands for.
    let kind: Kind
    /// μ at a number of tokens.
    let base: Place
    /// μ at a larger number of tokens.
    let top: Place

    /// The shift for latents of a size. It may lie outside of what flows are shifted by.
    func shift(height: Int, width: Int) -> Double {
        let slope = (top.mu - base.mu) / (Double(top.tokens) - Double(base.tokens))
        return kind.shift(base.mu + slope * (Double((height / 2) * (width / 2)) - Double(base.tokens)))
    }
}
