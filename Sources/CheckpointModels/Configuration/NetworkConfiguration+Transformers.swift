extension NetworkConfiguration {
    /// Passes over what any `config.json` of transformers may have and no text encoder reads, and refuses the fields among
    /// them that would make another network.
    package func ignoreFieldsOfTransformers() throws {
        ignore(
            "architectures", "model_type", "transformers_version", "torch_dtype", "dtype", "use_cache", "return_dict",
            "output_hidden_states", "output_attentions", "torchscript", "use_bfloat16", "tf_legacy_loss",
            "chunk_size_feed_forward", "cross_attention_hidden_size", "tie_encoder_decoder", "tie_word_embeddings",
            "tokenizer_class", "prefix", "finetuning_task", "task_specific_params", "problem_type", "id2label",
            "label2id", "initializer_range", "initializer_factor", "gradient_checkpointing")
        // Of the generation of text.
        ignore(
            "max_length", "min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups",
            "diversity_penalty", "temperature", "top_k", "top_p", "typical_p", "repetition_penalty", "length_penalty",
            "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids", "num_return_sequences",
            "output_scores", "output_past", "return_dict_in_generate", "forced_bos_token_id", "forced_eos_token_id",
            "remove_invalid_values", "exponential_decay_length_penalty", "suppress_tokens", "begin_suppress_tokens",
            "bos_token_id", "pad_token_id", "sep_token_id", "decoder_start_token_id")
        try require("is_decoder", .bool(false))
        try require("add_cross_attention", .bool(false))
        try require("pruned_heads", .object([:]), .list([]))
    }
}
