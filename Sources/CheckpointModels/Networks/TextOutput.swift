/// What a text encoder may be asked for.
package enum TextOutput: Sendable, Hashable, CaseIterable {
    /// `[B, tokens, width]`, after the last norm.
    case lastHiddenState
    /// `[B, tokens, width]`, what the last block gets; no norm is applied.
    case penultimate
    /// `[B, width]`, one vector a text, projected where the class says so.
    case pooled
}
