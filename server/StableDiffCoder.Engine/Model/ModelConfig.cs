using System.Text.Json;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Model;

/// <summary>How holes are laid out for a checkpoint: recorded as <c>infill_order</c> in config.json.</summary>
public enum InfillOrder
{
    /// <summary>Suffix, prefix, then the middle is generated (block-causal checkpoints; <c>"fim"</c>).</summary>
    Fim,

    /// <summary>The hole is masked where it stands and denoised with both sides in view (bidirectional checkpoints; <c>"in-place"</c>).</summary>
    InPlace,
}

/// <summary>The shape of a Llama-architecture checkpoint, as in a Hugging Face config.json.</summary>
public sealed record ModelConfig
{
    /// <summary>Architectures this engine knows.</summary>
    public static IReadOnlyList<string> KnownArchitectures { get; } = ["StableDiffcoderForCausalLM", "LlamaForCausalLM"];

    /// <value>Rows of the embedding, V.</value>
    public required int VocabSize { get; init; }

    /// <value>Width of the residual stream, D.</value>
    public required int HiddenSize { get; init; }

    /// <value>Width of the MLP.</value>
    public required int IntermediateSize { get; init; }

    /// <value>Number of transformer blocks.</value>
    public required int LayerCount { get; init; }

    /// <value>Query heads, H.</value>
    public required int HeadCount { get; init; }

    /// <value>Key and value heads (GQA); divides <see cref="HeadCount"/>.</value>
    public required int KeyValueHeadCount { get; init; }

    /// <value>Width of a head, Dh; even.</value>
    public required int HeadDimension { get; init; }

    /// <value>Base of the rotary frequencies.</value>
    public double RopeTheta { get; init; } = 10000;

    /// <value>Epsilon of RMSNorm.</value>
    public double RmsNormEpsilon { get; init; } = 1e-6;

    /// <value>Most positions.</value>
    public required int MaxPositionEmbeddings { get; init; }

    /// <value>Whether the output head is the embedding.</value>
    public bool TieWordEmbeddings { get; init; }

    /// <value>Tokens a diffusion block, B (<c>block_length</c>; 4 when the config does not say, the released model's value).</value>
    public int BlockLength { get; init; } = 4;

    /// <value>Layout of holes (<c>infill_order</c>).</value>
    public InfillOrder InfillOrder { get; init; } = InfillOrder.Fim;

    /// <value>
    /// Whether the model fills with eos what a text leaves of a hole in place (<c>length_filler</c>, left out when false): a hole is then an upper
    /// bound of its text.
    /// </value>
    public bool LengthFiller { get; init; }

    /// <value>Which masked tokens are revealed first where a request does not say (<c>remasking</c>, left out when it is the released rule).</value>
    public RemaskingOrder Remasking { get; init; }

    /// <value>
    /// Largest weight of what the document says where it repeats itself, where a request does not say (<c>document_prior</c>, left out when 0);
    /// from 0 to below 1.
    /// </value>
    public double DocumentPrior { get; init; }

    /// <value>
    /// Whether a position predicts the token behind it, as after autoregressive training (<c>logit_shift</c>, left out when false). Such a model
    /// continues text and fills no masks.
    /// </value>
    public bool LogitShift { get; init; }

    /// <value>Bits of the linear maps' weights (<c>quantization_config</c>, left out when they are floats).</value>
    public WeightQuantization Quantization { get; init; }

    /// <value>First entry of <c>architectures</c>.</value>
    public string Architecture { get; init; } = "StableDiffcoderForCausalLM";

    /// <value>Id of the end-of-sentence token.</value>
    public int EosTokenId { get; init; } = 2;

    /// <value>Id of the beginning-of-sentence token.</value>
    public int BosTokenId { get; init; }

    /// <value>Id of the padding token.</value>
    public int PadTokenId { get; init; } = 1;

    /// <summary>Attention of this checkpoint: full when holes are filled in place, else block-causal.</summary>
    public AttentionPattern AttentionPattern =>
        InfillOrder == InfillOrder.InPlace ? AttentionPattern.Full : AttentionPattern.BlockCausal(BlockLength);

    /// <summary>Reads a config.json.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelLoadException">The file is missing, is not JSON, lacks a field, or describes a model this engine does not run.</exception>
    public static ModelConfig Read(string path) => ModelConfigReader.Read(path);

    /// <summary>The Hugging Face form of this config, indented, ending with a newline.</summary>
    /// <param name="torchDtype">Name of the stored element type, such as <c>bfloat16</c>.</param>
    public string ToJson(string torchDtype)
    {
        var fields = new Dictionary<string, object>
        {
            ["architectures"] = new[] { Architecture },
            ["attention_bias"] = false,
            ["block_length"] = BlockLength,
            ["bos_token_id"] = BosTokenId,
            ["eos_token_id"] = EosTokenId,
            ["head_dim"] = HeadDimension,
            ["hidden_act"] = "silu",
            ["hidden_size"] = HiddenSize,
            ["infill_order"] = InfillOrder == InfillOrder.InPlace ? "in-place" : "fim",
            ["intermediate_size"] = IntermediateSize,
            ["max_position_embeddings"] = MaxPositionEmbeddings,
            ["mlp_bias"] = false,
            ["model_type"] = "llama",
            ["num_attention_heads"] = HeadCount,
            ["num_hidden_layers"] = LayerCount,
            ["num_key_value_heads"] = KeyValueHeadCount,
            ["pad_token_id"] = PadTokenId,
            ["rms_norm_eps"] = RmsNormEpsilon,
            ["rope_theta"] = RopeTheta,
            ["tie_word_embeddings"] = TieWordEmbeddings,
            ["torch_dtype"] = torchDtype,
            ["vocab_size"] = VocabSize,
        };
        if (LengthFiller)
        {
            fields["length_filler"] = true;
        }
        if (Remasking == RemaskingOrder.LeftToRight)
        {
            fields["remasking"] = "left-to-right";
        }
        if (DocumentPrior > 0)
        {
            fields["document_prior"] = DocumentPrior;
        }
        if (LogitShift)
        {
            fields["logit_shift"] = true;
        }
        if (WeightQuantizations.NameOf(Quantization) is string scheme)
        {
            fields["quantization_config"] = new Dictionary<string, object>
            {
                ["bits"] = Quantization == WeightQuantization.EightBits ? 8 : 4,
                ["quant_method"] = ModelConfigReader.QuantizationMethod,
                ["scheme"] = scheme,
            };
        }
        return JsonSerializer.Serialize(fields, IndentedJson) + "\n";
    }

    private static readonly JsonSerializerOptions IndentedJson = new() { WriteIndented = true };
}
