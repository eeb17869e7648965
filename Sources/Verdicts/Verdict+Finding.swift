extension Verdict {
    /// Something worth knowing, with the measured value and the limit it was held against.
    public struct Finding: Codable, Sendable, Equatable {
        /// Stable names of findings.
        public enum Code: String, Codable, Sendable, CaseIterable {
            /// The key has too few independent numbers for the asked rate.
            case keyCannotReachRate = "key_cannot_reach_rate"
            /// The key was not drawn at random, so that it has no p-value.
            case keyNotRandom = "key_not_random"
            /// A key that was found has been revoked in its key ring.
            case keyRevoked = "key_revoked"
            /// The stream of a key carries another message than the key's.
            case otherMessage = "other_message"
            /// The noise beside the key is that which was given: the image started from it.
            case sharesNoise = "shares_noise"
            /// The key was found in an image that did not start from the noise which was given.
            case noiseDisagrees = "noise_disagrees"
            /// The recovered latent does not look like noise: model, preprocessing or image are probably wrong.
            case notNoiseLike = "not_noise_like"
            /// The residual of decoder inversion had risen and an earlier iterate was kept.
            case decoderInversionFellBack = "decoder_inversion_fell_back"
            /// The fixed points of exact diffusion inversion were not found, and naive inversion was done instead.
            case diffusionInversionFellBack = "diffusion_inversion_fell_back"
            /// The image was resized or cropped to the model's size, which weakens every mark.
            case imageResampled = "image_resampled"
            /// The mark was found in a picture that was moved: turned, scaled, mirrored, cut or shifted.
            case pictureMoved = "picture_moved"
            /// Later looks were left out, because none of what was seen so far promised a find.
            case lookedLess = "looked_less"
            /// There is a calibration, but for another route than the verdict's.
            case calibrationNotUsed = "calibration_not_used"
            /// The file asks for its pixels to be turned before they are shown; both orientations were judged.
            case orientationTag = "orientation_tag"
            /// The file has several frames or pages, of which the first was judged.
            case firstFrameOnly = "first_frame_only"
            /// The file has a colour profile other than sRGB, which was not applied.
            case colourProfileIgnored = "colour_profile_ignored"
            /// The file's samples have more than 8 bits, of which the upper 8 were kept.
            case bitDepthReduced = "bit_depth_reduced"
        }

        /// Its stable name.
        public var code: Code
        /// The finding in words; free to change.
        public var message: String
        /// What was measured.
        public var measured: Double?
        /// What it was held against.
        public var limit: Double?

        /// A finding, with its figures where it has some.
        public init(code: Code, message: String, measured: Double? = nil, limit: Double? = nil) {
            self.code = code
            self.message = message
            self.measured = measured
            self.limit = limit
        }
    }
}
