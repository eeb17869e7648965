import Attempts
import Items
import Pictures
import Tensors
import Verification

extension Subject {
    /// A subject whose pixels are given, one tensor for each view of the plan; with an orientation, the stored pixels' before the shown ones'.
    static func toy(_ pixels: Tensor..., orientation: Orientation = .asStored) -> Subject {
        toy(pixels, orientation: orientation)
    }

    /// The same of a list.
    static func toy(_ pixels: [Tensor], orientation: Orientation = .asStored) -> Subject {
        let image = RGBImage(width: 32, height: 32, pixels: [UInt8](repeating: 0, count: 3072))
        let item = Item(name: "x.png", sha256: "0", bytes: 1, image: image, orientation: orientation, seconds: 0)
        return Subject(item, frames: pixels.map { Frame($0) }, seconds: 0)
    }
}
