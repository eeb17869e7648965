import OnnxGraphs

/// diffusers' `AutoencoderTiny` (TAESD and its kin): convolutions in one list of modules, no norms, no attention.
package struct AutoencoderTiny: Sendable {
    /// What shapes it.
    package let configuration: AutoencoderTinyConfiguration

    /// A network of that shape.
    package init(configuration: AutoencoderTinyConfiguration) {
        self.configuration = configuration
    }

    /// E: images `[B, 3, H, W]` in [-1, 1] to latents `[B, C, h, w]`, not scaled.
    package func encode(_ image: FeatureMap, _ layers: Layers) throws -> FeatureMap {
        let modules = layers["encoder"]
        let width = configuration.encoderWidth
        // Inside, pixels are in [0, 1].
        var x = image.mapped { layers.affine($0, scale: 0.5, offset: 0.5) }
        var index = 0
        for (stage, blocks) in configuration.encoderBlocks.enumerated() {
            let module = modules["layers", index]
            x = try stage == 0 ? module.conv(x, width) : module.conv(x, width, stride: 2, bias: false)
            index += 1
            for _ in 0..<blocks {
                x = try block(x, modules["layers", index], width)
                index += 1
            }
        }
        return try modules["layers", index].conv(x, configuration.latentChannels)
    }

    /// D: latents `[B, C, h, w]`, not scaled, to images `[B, 3, H, W]`.
    package func decode(_ latent: FeatureMap, _ layers: Layers) throws -> FeatureMap {
        let modules = layers["decoder"]
        let width = configuration.decoderWidth
        var x = latent.mapped { layers.multiply(layers.tanh(layers.multiply($0, 1 / 3)), 3) }
        x = activate(try modules["layers.0"].conv(x, width), layers)
        // The activation is a module without tensors, and so is the doubling below.
        var index = 2
        for (stage, blocks) in configuration.decoderBlocks.enumerated() {
            for _ in 0..<blocks {
                x = try block(x, modules["layers", index], width)
                index += 1
            }
            if stage + 1 < configuration.decoderBlocks.count {
                x = try modules["layers", index + 1].conv(x, width, bias: false, enlargement: .doubled)
                index += 2
            }
        }
        return try modules["layers", index].conv(x, 3).mapped { layers.affine($0, scale: 2, offset: -1) }
    }

    /// relu(x + conv(act(conv(act(conv(x)))))).
    private func block(_ x: FeatureMap, _ layers: Layers, _ width: Int) throws -> FeatureMap {
        var y = activate(try layers["conv.0"].conv(x, width), layers)
        y = activate(try layers["conv.2"].conv(y, width), layers)
        y = try layers["conv.4"].conv(y, width)
        return layers.add(y, x).mapped(layers.relu)
    }

    private func activate(_ x: FeatureMap, _ layers: Layers) -> FeatureMap {
        switch configuration.activation {
        case .relu: x.mapped(layers.relu)
        case .silu, .swish: layers.silu(x)
        case .gelu: x.mapped(layers.gelu)
        }
    }
}
