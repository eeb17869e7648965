import CheckpointModels
import KeyRings
import Marks
import Models
import OnnxModels
import PRCKeys
import RingIDKeys
import RingKeys
import SeedKeys
import ShadingKeys

/// What the tool can open. A new backend or scheme is a target of its own and one line here.
public enum Registry {
    /// The model formats, in the order in which they are asked whether they recognise a path.
    public static func backends(_ options: ExecutionOptions) -> [any ModelBackend] {
        [CheckpointBackend(options: options), OnnxBackend(options: options)]
    }

    /// The schemes of marks, by the names that key files give them.
    public static let schemes: [any MarkScheme] = [
        RingScheme(), PilotedScheme(), SeedScheme(), ShadingScheme(), RingIDScheme(), PRCScheme(),
    ]
}
