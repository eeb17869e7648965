import Tensors

/// How alike latents are: what single keys' false-positive rates differ by.
public enum LatentLikeness {
    /// √ of the mean squared cosine over all pairs; of independent white latents 1/√(elements). If latents share
    /// directions, a key that lies along them by chance matches too many of them.
    /// - Parameter latents: at least two of one shape, none of zeros.
    public static func rootMeanSquareCosine(_ latents: [Tensor]) -> Double {
        precondition(latents.count >= 2, "\(latents.count) latents have no pair")
        let squares = latents.map { $0.dot($0) }
        var sum = 0.0
        for i in latents.indices {
            for j in 0..<i {
                let product = latents[i].dot(latents[j])
                sum += product * product / (squares[i] * squares[j])
            }
        }
        return (sum / Double(latents.count * (latents.count - 1) / 2)).squareRoot()
    }
}
