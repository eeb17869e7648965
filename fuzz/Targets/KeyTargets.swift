import Foundation
import KeyRings
import InputErrors
import Marks
import RandomNumbers
import RingkeyKit
import Tensors

let keyTargets = [
    FuzzTarget("key", fixtures: ["Schemes"]) { bytes in
        let key = try KeyFile.key(document: Data(bytes), named: "fuzz")
        let again = try KeyFile.key(document: key.data(), named: "written")
        precondition(again.identity == key.identity, "\(again.identity) of \(key.identity)")
        guard key.latentShape.count <= 1 << 14 else { return }
        var noise = Tensor(normal: key.latentShape.tensorShape(), seed: 1)
        do { try key.embed(into: &noise) } catch is InputError { return }
        precondition(noise.elements.allSatisfy(\.isFinite), "noise that is no number by \(key.identity)")
    },
    FuzzTarget("keyring", fixtures: ["KeyRings"]) { bytes in
        let ring = try KeyRing(data: Data(bytes), named: "fuzz")
        for place in 0..<min(ring.count, 3) {
            let (label, _) = ring.label(at: place)
            precondition(ring.place(of: label) != nil, "label \(place) of \(ring.identity) has no place")
        }
    },
]
