"""Configurations of published checkpoints, as their config.json files have them (fields at their defaults left out)."""

UNET_2D = {
    "act_fn": "silu", "block_out_channels": [320, 640, 1280, 1280], "in_channels": 4, "layers_per_block": 2,
    "norm_num_groups": 32, "out_channels": 4, "sample_size": 64,
    "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
    "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
}
UNET_XL = {
    **UNET_2D, "block_out_channels": [320, 640, 1280], "sample_size": 128, "cross_attention_dim": 2048,
    "attention_head_dim": [5, 10, 20], "use_linear_projection": True, "transformer_layers_per_block": [1, 2, 10],
    "down_block_types": ["DownBlock2D"] + ["CrossAttnDownBlock2D"] * 2,
    "up_block_types": ["CrossAttnUpBlock2D"] * 2 + ["UpBlock2D"],
    "addition_embed_type": "text_time", "addition_time_embed_dim": 256, "projection_class_embeddings_input_dim": 2816,
}
VAE = {
    "act_fn": "silu", "block_out_channels": [128, 256, 512, 512], "in_channels": 3, "latent_channels": 4,
    "layers_per_block": 2, "norm_num_groups": 32, "out_channels": 3, "sample_size": 512, "scaling_factor": 0.18215,
    "down_block_types": ["DownEncoderBlock2D"] * 4, "up_block_types": ["UpDecoderBlock2D"] * 4,
}
CLIP = {"vocab_size": 49408, "max_position_embeddings": 77, "bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1}
CLIP_L = {
    **CLIP, "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12,
    "hidden_act": "quick_gelu", "projection_dim": 768,
}
CLIP_H = {
    **CLIP, "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 23, "num_attention_heads": 16,
    "hidden_act": "gelu", "projection_dim": 512,
}
CLIP_BIGG = {
    **CLIP, "hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "num_attention_heads": 20,
    "hidden_act": "gelu", "projection_dim": 1280,
}
BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000}
DDIM = {**BETAS, "clip_sample": False, "set_alpha_to_one": False, "steps_offset": 1}

# Parts: class, configuration. Schedulers: class, configuration.
FAMILIES = {
    "sd15": {
        "pipeline": "StableDiffusionPipeline",
        "unet": ("UNet2DConditionModel", {**UNET_2D, "attention_head_dim": 8, "cross_attention_dim": 768}),
        "vae": ("AutoencoderKL", VAE),
        "text_encoder": ("CLIPTextModel", CLIP_L),
        "scheduler": ("PNDMScheduler", {**BETAS, "skip_prk_steps": True, "set_alpha_to_one": False, "steps_offset": 1}),
    },
    # The published one has a sample_size of 96; here latents are 64 × 64, as in the benchmarks.
    "sd21": {
        "pipeline": "StableDiffusionPipeline",
        "unet": ("UNet2DConditionModel", {
            **UNET_2D, "attention_head_dim": [5, 10, 20, 20], "cross_attention_dim": 1024,
            "use_linear_projection": True, "upcast_attention": True}),
        "vae": ("AutoencoderKL", VAE),
        "text_encoder": ("CLIPTextModel", CLIP_H),
        "scheduler": ("DDIMScheduler", {**DDIM, "prediction_type": "v_prediction"}),
    },
    "sdxl": {
        "pipeline": "StableDiffusionXLPipeline",
        "unet": ("UNet2DConditionModel", UNET_XL),
        "vae": ("AutoencoderKL", {**VAE, "sample_size": 1024, "scaling_factor": 0.13025, "force_upcast": True}),
        "text_encoder": ("CLIPTextModel", CLIP_L),
        "text_encoder_2": ("CLIPTextModelWithProjection", CLIP_BIGG),
        "scheduler": ("EulerDiscreteScheduler", {
            **BETAS, "timestep_spacing": "leading", "steps_offset": 1, "use_karras_sigmas": False}),
    },
}
