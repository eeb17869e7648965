import Foundation
import RandomNumbers
import Spectra
import Testing

/// The transform against its definition, on odd and non-square planes.
struct PlaneTransformTests {
    static let sizes = [(1, 1), (3, 5), (4, 6), (7, 2), (9, 16)]

    private static func plane(_ height: Int, _ width: Int, isReal: Bool = false) -> ComplexPlane {
        let plane = ComplexPlane(height: height, width: width)
        var stream = NormalStream(seed: UInt64(100 * height + width))
        let parts = stream.next(2 * height * width).map(Float.init)
        for i in 0..<height * width { plane[i] = (parts[2 * i], isReal ? 0 : parts[2 * i + 1]) }
        return plane
    }

    private static func elements(_ plane: ComplexPlane) -> [(real: Float, imaginary: Float)] {
        (0..<plane.height * plane.width).map { plane[$0] }
    }

    /// X(u, v) = Σ x(i, j) exp(-2πi (ui / h + vj / w)), in Double, element by element.
    @Test(arguments: sizes)
    func forwardIsTheSum(_ height: Int, _ width: Int) {
        let plane = Self.plane(height, width)
        let given = Self.elements(plane)
        PlaneTransform(height: height, width: width).forward(plane)
        for u in 0..<height {
            for v in 0..<width {
                var (real, imaginary) = (0.0, 0.0)
                for i in 0..<height {
                    for j in 0..<width {
                        let angle = -2 * Double.pi * (Double(u * i) / Double(height) + Double(v * j) / Double(width))
                        let (a, b) = (Double(given[i * width + j].real), Double(given[i * width + j].imaginary))
                        real += a * cos(angle) - b * sin(angle)
                        imaginary += a * sin(angle) + b * cos(angle)
                    }
                }
                let found = plane[u * width + v]
                // Sums of up to 144 normals in Float: a few ulps of 30.
                #expect(abs(Double(found.real) - real) < 2e-5 && abs(Double(found.imaginary) - imaginary) < 2e-5)
            }
        }
    }

    @Test(arguments: sizes)
    func inverseUndoesForward(_ height: Int, _ width: Int) {
        let plane = Self.plane(height, width)
        let given = Self.elements(plane)
        let transform = PlaneTransform(height: height, width: width)
        transform.forward(plane)
        transform.inverse(plane)
        for (found, given) in zip(Self.elements(plane), given) {
            // A few ulps of the largest normal, 4.
            #expect(abs(found.real - given.real) < 4e-6 && abs(found.imaginary - given.imaginary) < 4e-6)
        }
    }

    /// X(-u, -v) is the conjugate of X(u, v) where the plane is real.
    @Test(arguments: sizes)
    func spectraOfRealPlanesAreHermitian(_ height: Int, _ width: Int) {
        let plane = Self.plane(height, width, isReal: true)
        PlaneTransform(height: height, width: width).forward(plane)
        for u in 0..<height {
            for v in 0..<width {
                let (one, other) = (plane[u * width + v], plane[(height - u) % height * width + (width - v) % width])
                #expect(abs(one.real - other.real) < 2e-5 && abs(one.imaginary + other.imaginary) < 2e-5)
            }
        }
    }
}
