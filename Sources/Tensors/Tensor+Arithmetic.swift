extension Tensor {
    /// The linear combination `c₀·x₀ + c₁·x₁ + …`; coefficients are Double, each element is summed in Double and rounded
    /// once.
    public static func combination(_ terms: (Double, Tensor)...) -> Tensor {
        combination(terms)
    }

    /// The linear combination of any number of terms of one shape.
    public static func combination(_ terms: [(Double, Tensor)]) -> Tensor {
        precondition(!terms.isEmpty, "an empty linear combination has no shape")
        let shape = terms[0].1.shape
        for (_, tensor) in terms {
            precondition(tensor.shape == shape, "cannot combine \(tensor.shape) with \(shape)")
        }
        if terms.count == 2 { return pair(terms[0], terms[1]) }
        var sums = [Double](repeating: 0, count: terms[0].1.count)
        for (coefficient, tensor) in terms {
            tensor.withUnsafeBufferPointer { source in
                for i in sums.indices { sums[i] += coefficient * Double(source[i]) }
            }
        }
        return Tensor(shape: shape) { target in
            for i in sums.indices { target.initializeElement(at: i, to: Float(sums[i])) }
        }
    }

    private static func pair(_ first: (Double, Tensor), _ second: (Double, Tensor)) -> Tensor {
        let (a, x) = first
        let (b, y) = second
        return x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                Tensor(shape: first.1.shape) { target in
                    for i in target.indices {
                        target.initializeElement(at: i, to: Float(a * Double(x[i]) + b * Double(y[i])))
                    }
                }
            }
        }
    }

    /// The sum, element by element.
    public static func + (left: Tensor, right: Tensor) -> Tensor { combination((1, left), (1, right)) }
    /// The difference, element by element.
    public static func - (left: Tensor, right: Tensor) -> Tensor { combination((1, left), (-1, right)) }
    /// Every element times `scale`.
    public static func * (scale: Double, tensor: Tensor) -> Tensor { combination((scale, tensor)) }
}

extension Tensor {
    /// A function applied to every element.
    public func mapped(_ transform: (Float) -> Float) -> Tensor {
        withUnsafeBufferPointer { source in
            Tensor(shape: shape) { target in
                for i in source.indices { target.initializeElement(at: i, to: transform(source[i])) }
            }
        }
    }
}
