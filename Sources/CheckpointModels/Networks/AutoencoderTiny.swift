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
    package func encode(_ image: GraphValue, _ layers: Layers) throws -> GraphValue {
        let modules = layers["encoder"]
        let width = configuration.encoderWidth
        // Inside, pixels are in [0, 1].
        var x = layers.affine(image, scale: 0.5, offset: 0.5)
        var index = 0
        for (stage, blocks) in configuration.encoderBlocks.enumerated() {
            let module = modules["layers", index]
            x = try stage == 0 ? module.conv(x, 3, width) : module.conv(x, width, width, stride: 2, bias: false)
            index += 1
            for _ in 0..<blocks {
                x = try block(x, modules["layers", index], width)
                index += 1
            }
        }
        return try modules["layers", index].conv(x, width, configuration.latentChannels)
    }

    /// D: latents `[B, C, h, w]`, not scaled, to images `[B, 3, H, W]`.
    package func decode(_ latent: GraphValue, _ layers: Layers) throws -> GraphValue {
        let modules = layers["decoder"]
        let width = configuration.decoderWidth
        var x = layers.multiply(layers.tanh(layers.multiply(latent, 1 / 3)), 3)
        x = activate(try modules["layers.0"].conv(x, configuration.latentChannels, width), layers)
        // The activation is a module without tensors, and so is the doubling below.
        var index = 2
        for (stage, blocks) in configuration.decoderBlocks.enumerated() {
            for _ in 0..<blocks {
                x = try block(x, modules["layers", index], width)
                index += 1
            }
            if stage + 1 < configuration.decoderBlocks.count {
                x = try modules["layers", index + 1].conv(layers.doubled(x), width, width, bias: false)
                index += 2
            }
        }
        return layers.affine(try modules["layers", index].conv(x, width, 3), scale: 2, offset: -1)
    }

    /// relu(x + conv(act(conv(act(conv(x)))))).
    private func block(_ x: GraphValue, _ layers: Layers, _ width: Int) throws -> GraphValue {
        var y = activate(try layers["conv.0"].conv(x, width, width), layers)
        y = activate(try layers["conv.2"].conv(y, width, width), layers)
        y = try layers["conv.4"].conv(y, width, width)
        return layers.relu(layers.add(y, x))
    }

    private func activate(_ x: GraphValue, _ layers: Layers) -> GraphValue {
        switch configuration.activation {
        case .relu: layers.relu(x)
        case .silu, .swish: layers.silu(x)
        case .gelu: layers.gelu(x)
        }
    }
}
