/// How a Hermitian C × C matrix at each of n frequencies lies in C·C·n real numbers: plane (a, b) has the real part of
/// element (a, b) for a ≤ b, and the imaginary part of element (b, a) for a > b.
struct HermitianPacking {
    /// C.
    let channels: Int
    /// n.
    let count: Int

    /// Where the real parts of element (a, b) begin.
    func real(_ a: Int, _ b: Int) -> Int { (min(a, b) * channels + max(a, b)) * count }

    /// Where the imaginary parts of element (a, b) begin, up to the sign: those of (b, a) are the opposite ones.
    func imaginary(_ a: Int, _ b: Int) -> Int { (max(a, b) * channels + min(a, b)) * count }

    /// Element (a, b) at frequency `index`, its imaginary part with the right sign.
    func element<Number: BinaryFloatingPoint>(
        _ a: Int, _ b: Int, _ index: Int, of numbers: UnsafeBufferPointer<Number>
    ) -> (real: Number, imaginary: Number) {
        let imaginary = a == b ? 0 : (a < b ? 1 : -1) * numbers[imaginary(a, b) + index]
        return (numbers[real(a, b) + index], imaginary)
    }
}
