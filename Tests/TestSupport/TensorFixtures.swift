import Foundation

/// The path of a file in `Tests/Fixtures/Tensors`.
package func fixture(_ name: String) -> String { Fixtures.url("Tensors/\(name)").path }

/// The bytes of a file in `Tests/Fixtures/Tensors`.
package func fixtureData(_ name: String) throws -> Data { try Data(contentsOf: Fixtures.url("Tensors/\(name)")) }

/// The values of `make_tensors.py`: element k is ((37 k) mod 101 - 50) / 8, exact in every element type.
package func goldenValues(_ count: Int) -> [Double] {
    (0..<count).map { Double(($0 * 37) % 101 - 50) / 8 }
}
