import Tensors
import Verification

enum EvidencePlot {
    static func write(_ evidence: Verifier.Evidence, of subject: Subject, to path: String, overwrite: Bool) throws {
        throw InputError("--plot", expected: "later", found: path)
    }
}
