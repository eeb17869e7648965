import Marks
import Tensors

extension RingReader {
    /// For a key of zeros what its cells lack: minus their share of the power in the keyed channels. For any other the cosine of
    /// the reading with the key's numbers. Neither depends on the scale of the noise.
    public func resemblance(_ noise: Tensor, reading: [Double], of key: any MarkKey) -> Double? {
        guard let key = key as? RingKey else { return nil }
        let target = target(of: key)
        if target.contains(where: { $0.real != 0 || $0.imaginary != 0 }) { return cosine(reading, key.numbers) }
        let planes = Dictionary(uniqueKeysWithValues: zip(geometry.channels, spectra(of: noise)))
        func power(_ channel: Int, _ index: Int) -> Double {
            planes[channel].map { Double($0[index].real * $0[index].real + $0[index].imaginary * $0[index].imaginary) }
                ?? 0
        }
        let inside = target.reduce(0) { $0 + power($1.channel, $1.index) }
        let total = geometry.channels.reduce(0) { sum, channel in
            (0..<geometry.latentShape.planeCount).reduce(sum) { $0 + power(channel, $1) }
        }
        return total > 0 ? -inside / total : nil
    }
}
