using System.Text;
using System.Text.Json;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Model;

/// <summary>Reads a Hugging Face config.json and refuses what the engine would get wrong.</summary>
internal static class ModelConfigReader
{
    // The rotary tables are held for every position.
    private const int MostPositions = 1 << 20;

    /// <summary>Who quantized a checkpoint, in its config.</summary>
    internal const string QuantizationMethod = "stable-diffcoder";

    public static ModelConfig Read(string path)
    {
        JsonDocument document = Parse(path);
        using (document)
        {
            return Read(path, document);
        }
    }

    private static ModelConfig Read(string path, JsonDocument document)
    {
        try
        {
            var fields = new Fields(path, document.RootElement);
            string architecture = fields.FirstArchitecture();
            Refuse(path, document.RootElement);
            int hidden = fields.Positive("hidden_size");
            int heads = fields.Positive("num_attention_heads");
            var config = new ModelConfig
            {
                Architecture = architecture,
                VocabSize = fields.Positive("vocab_size"),
                HiddenSize = hidden,
                IntermediateSize = fields.Positive("intermediate_size"),
                LayerCount = fields.Positive("num_hidden_layers"),
                HeadCount = heads,
                KeyValueHeadCount = fields.Positive("num_key_value_heads", heads),
                HeadDimension = fields.Positive("head_dim", Math.Max(1, hidden / heads)),
                MaxPositionEmbeddings = fields.Positive("max_position_embeddings"),
                RopeTheta = fields.RopeTheta(),
                RmsNormEpsilon = fields.Number("rms_norm_eps", 1e-6),
                TieWordEmbeddings = fields.Flag("tie_word_embeddings"),
                BlockLength = fields.Positive("block_length", 4),
                InfillOrder = fields.InfillOrder(),
                LengthFiller = fields.Flag("length_filler"),
                Remasking = fields.Remasking(),
                DocumentPrior = fields.DocumentPrior(),
                LogitShift = fields.Flag("logit_shift"),
                Quantization = fields.Quantization(),
                BosTokenId = fields.TokenId("bos_token_id", 0),
                EosTokenId = fields.TokenId("eos_token_id", 2),
                PadTokenId = fields.TokenId("pad_token_id", 1),
            };
            return Check(path, config);
        }
        catch (InvalidOperationException error)
        {
            // An escaped half surrogate in a string, met only when the string is made.
            throw new ModelLoadException(path, $"{path} holds a string that is not Unicode; download it again.", error);
        }
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            // The JSON parser lets bad UTF-8 pass until a string is made from it.
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(bytes);
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelLoadException(
                path,
                $"{path} is missing; a model folder needs config.json, tokenizer.json and model.safetensors. Check --model.",
                error
            );
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new ModelLoadException(path, $"{path} is not valid JSON ({error.Message}); download it again.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(path, $"{path} cannot be read: {error.Message}", error);
        }
    }

    private static void Refuse(string path, JsonElement root)
    {
        foreach (string name in (string[])["rope_scaling", "rope_parameters"])
        {
            if (root.TryGetProperty(name, out JsonElement rope) && rope.ValueKind != JsonValueKind.Null && !IsUnscaled(rope))
            {
                throw new ModelLoadException(path, $"{path}: '{name}' scales positions; this engine runs unscaled rotary embeddings only.");
            }
        }
        foreach (string bias in (string[])["attention_bias", "mlp_bias"])
        {
            if (root.TryGetProperty(bias, out JsonElement value) && value.ValueKind == JsonValueKind.True)
            {
                throw new ModelLoadException(path, $"{path}: '{bias}' is true; this engine runs checkpoints without biases only.");
            }
        }
        if (root.TryGetProperty("hidden_act", out JsonElement act) && act.ValueKind == JsonValueKind.String && act.GetString() != "silu")
        {
            throw new ModelLoadException(path, $"{path}: 'hidden_act' is \"{act.GetString()}\"; this engine runs \"silu\" only.");
        }
    }

    // transformers 5 writes {"rope_type":"default","rope_theta":…}; older files say "type".
    private static bool IsUnscaled(JsonElement rope) =>
        rope.ValueKind == JsonValueKind.Object
        && (rope.TryGetProperty("rope_type", out JsonElement type) || rope.TryGetProperty("type", out type))
        && type.ValueKind == JsonValueKind.String
        && type.ValueEquals("default");

    private static ModelConfig Check(string path, ModelConfig config)
    {
        if (config.HeadCount % config.KeyValueHeadCount != 0)
        {
            throw new ModelLoadException(
                path,
                $"{path}: num_attention_heads ({config.HeadCount}) is not a multiple of num_key_value_heads ({config.KeyValueHeadCount})."
            );
        }
        if (config.HeadDimension % 2 != 0)
        {
            throw new ModelLoadException(path, $"{path}: head_dim is {config.HeadDimension}; rotary embedding needs an even number.");
        }
        if (config.MaxPositionEmbeddings > MostPositions)
        {
            throw new ModelLoadException(
                path,
                $"{path}: max_position_embeddings is {config.MaxPositionEmbeddings}; this engine runs at most {MostPositions} positions."
            );
        }
        return config;
    }

    private sealed class Fields(string path, JsonElement root)
    {
        public string FirstArchitecture()
        {
            string? type =
                root.ValueKind == JsonValueKind.Object && root.TryGetProperty("model_type", out JsonElement t) ? t.ToString() : null;
            string? name =
                root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("architectures", out JsonElement list)
                && list.ValueKind == JsonValueKind.Array
                && list.GetArrayLength() > 0
                    ? list[0].ToString()
                    : null;
            if (type == "llama" && name is not null && ModelConfig.KnownArchitectures.Contains(name))
            {
                return name;
            }
            throw new ModelLoadException(
                path,
                $"{path}: architecture \"{name ?? "?"}\" of model_type \"{type ?? "?"}\" is not known; this engine runs "
                    + $"model_type \"llama\" with {string.Join(" or ", ModelConfig.KnownArchitectures)}."
            );
        }

        public InfillOrder InfillOrder()
        {
            string order = root.TryGetProperty("infill_order", out JsonElement value) ? value.ToString() : "fim";
            return order switch
            {
                "fim" => Model.InfillOrder.Fim,
                "in-place" => Model.InfillOrder.InPlace,
                _ => throw new ModelLoadException(path, $"{path}: 'infill_order' is \"{order}\"; use \"fim\" or \"in-place\"."),
            };
        }

        public RemaskingOrder Remasking()
        {
            string order = root.TryGetProperty("remasking", out JsonElement value) ? value.ToString() : "low-confidence";
            return order switch
            {
                "low-confidence" => RemaskingOrder.LowConfidence,
                "left-to-right" => RemaskingOrder.LeftToRight,
                _ => throw new ModelLoadException(
                    path,
                    $"{path}: 'remasking' is \"{order}\"; use \"low-confidence\" or \"left-to-right\"."
                ),
            };
        }

        public double DocumentPrior()
        {
            double weight = 0;
            return
                !Has("document_prior", out JsonElement value)
                || (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out weight) && weight is >= 0 and < 1)
                ? weight
                : throw new ModelLoadException(path, $"{path}: 'document_prior' is {value}; use 0 to below 1.");
        }

        public WeightQuantization Quantization()
        {
            if (!Has("quantization_config", out JsonElement config))
            {
                return WeightQuantization.None;
            }
            string? Text(string name) =>
                config.ValueKind == JsonValueKind.Object && config.TryGetProperty(name, out JsonElement text) ? text.ToString() : null;
            WeightQuantization quantization = WeightQuantizations.Of(Text("scheme"));
            return Text("quant_method") == QuantizationMethod && quantization != WeightQuantization.None
                ? quantization
                : throw new ModelLoadException(
                    path,
                    $"{path}: the weights are quantized by \"{Text("quant_method") ?? "?"}\" (quantization_config); this engine reads float weights and "
                        + "what its own 'model quantize' writes. Get the checkpoint in bfloat16."
                );
        }

        public int Positive(string name, int? fallback = null)
        {
            int value = Integer(name, fallback);
            return value > 0 ? value : throw new ModelLoadException(path, $"{path}: '{name}' is {value}; it must be positive.");
        }

        public int TokenId(string name, int fallback)
        {
            // Some configs list several eos ids; the first is the one that ends a text.
            if (root.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0)
            {
                return list[0].ValueKind == JsonValueKind.Number && list[0].TryGetInt32(out int first) ? first : throw Bad(name);
            }
            return Integer(name, fallback);
        }

        public double Number(string name, double fallback) =>
            !Has(name, out JsonElement value) ? fallback
            : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number > 0 && double.IsFinite(number)
                ? number
            : throw Bad(name);

        public double RopeTheta() =>
            Has("rope_parameters", out JsonElement rope)
                ? new Fields(path, rope).Number("rope_theta", Number("rope_theta", 10000))
                : Number("rope_theta", 10000);

        public bool Flag(string name) =>
            Has(name, out JsonElement value)
            && (value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Bad(name));

        private int Integer(string name, int? fallback) =>
            !Has(name, out JsonElement value) ? fallback ?? throw new ModelLoadException(path, $"{path} lacks '{name}'; download it again.")
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
            : throw Bad(name);

        private bool Has(string name, out JsonElement value) =>
            root.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

        private ModelLoadException Bad(string name) => new(path, $"{path}: '{name}' has a value of the wrong type; download it again.");
    }
}
