import Foundation
import Marks
import RandomNumbers
import RingKeys
import Tensors

let keyTargets = [
    FuzzTarget("key") { bytes in
        let key = try RingKey(data: Data(bytes), named: "fuzz")
        let again = try RingKey(data: key.data(), named: "written")
        precondition(again.identity == key.identity, "\(again.identity) of \(key.identity)")
        guard key.latentShape.count <= 1 << 14 else { return }
        var noise = Tensor(normal: key.latentShape.tensorShape(), seed: 1)
        key.embed(into: &noise)
        precondition(noise.elements.allSatisfy(\.isFinite), "noise that is no number by \(key.identity)")
    }
]
