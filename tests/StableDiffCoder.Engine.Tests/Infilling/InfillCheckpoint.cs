using System.Text.Json;
using StableDiffCoder.Engine.Tests.Reference;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Infilling;

/// <summary>
/// A folder with a seeded random model and a byte-level tokenizer that can write any text: 256 bytes, a few merges, Seed-Coder's control
/// tokens, and ids without a token. Random ids make random bytes: texts full of broken characters, which is the hard case.
/// </summary>
internal sealed class InfillCheckpoint : IDisposable
{
    public const int Eos = 2;
    public const int Mask = 5;
    public const int FimPrefix = 8;
    public const int FimSuffix = 9;
    public const int FimMiddle = 10;

    /// <summary>No token has these ids.</summary>
    public static readonly IReadOnlyList<int> IdsWithoutToken = [11, 278, 279];

    private const int FirstByte = 12;
    private const int Vocabulary = 280;

    private static readonly Dictionary<int, string> ControlTokens = new()
    {
        [0] = "<[begin▁of▁sentence]>",
        [1] = "<[PAD▁TOKEN]>",
        [Eos] = "<[end▁of▁sentence]>",
        [3] = "<[PLHD3]>",
        [4] = "<[PLHD4]>",
        [Mask] = "<[MASK_TOKEN]>",
        [6] = "<[SEP▁TOKEN]>",
        [7] = "<[PLHD7]>",
        [FimPrefix] = "<[fim-prefix]>",
        [FimSuffix] = "<[fim-suffix]>",
        [FimMiddle] = "<[fim-middle]>",
    };

    private static readonly string[] Merges = ["Ġ Ġ", "ĠĠ ĠĠ", "i n", "in t", "r e", "( )", "Ċ Ġ", "Ã ©", "ð Ł", "ðŁ ĺ"];

    private static readonly string[] Architectures = ["StableDiffcoderForCausalLM"];

    private readonly TemporaryFolder folder = new();

    /// <param name="inPlace">A bidirectional checkpoint instead of a FIM-order one.</param>
    /// <param name="eosWeight">Scale of eos's output row: large values make the model end its text often.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="maxPositions">max_position_embeddings.</param>
    /// <param name="without">A control token that the tokenizer is to lack.</param>
    public InfillCheckpoint(bool inPlace = false, double eosWeight = 1, int seed = 1, int maxPositions = 256, int? without = null)
    {
        var shape = new CheckpointShape
        {
            Vocabulary = Vocabulary,
            Hidden = 16,
            Intermediate = 24,
            Layers = 1,
            Heads = 2,
            KeyValueHeads = 1,
            HeadDimension = 8,
            MaxPositions = maxPositions,
        };
        File.WriteAllText(folder.File("config.json"), Config(shape, inPlace));
        File.WriteAllText(folder.File("tokenizer.json"), Tokenizer(without));
        var random = new Random(seed);
        var tensors = shape.Tensors().Select(t => (t.Name, t.Shape, Values(t.Name, t.Shape, random, eosWeight)));
        File.WriteAllBytes(folder.File("model.safetensors"), SafetensorsBytes.Of(tensors, StoredType.F32));
    }

    public string Path => folder.Path;

    public string FilePath(string name) => folder.File(name);

    public void Dispose() => folder.Dispose();

    private static float[] Values(string name, long[] shape, Random random, double eosWeight)
    {
        var values = new float[shape.Aggregate(1L, (product, dimension) => product * dimension)];
        bool norm = name.EndsWith("norm.weight", StringComparison.Ordinal);
        for (int i = 0; i < values.Length; i++)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            double scale = name == "lm_head.weight" && i / shape[1] == Eos ? eosWeight : 1;
            values[i] = (float)(norm ? 1 : scale * normal / (name == "model.embed_tokens.weight" ? 1 : 2));
        }
        return values;
    }

    private static string Config(CheckpointShape shape, bool inPlace) =>
        JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["architectures"] = Architectures,
                ["model_type"] = "llama",
                ["vocab_size"] = shape.Vocabulary,
                ["hidden_size"] = shape.Hidden,
                ["intermediate_size"] = shape.Intermediate,
                ["num_hidden_layers"] = shape.Layers,
                ["num_attention_heads"] = shape.Heads,
                ["num_key_value_heads"] = shape.KeyValueHeads,
                ["head_dim"] = shape.HeadDimension,
                ["hidden_act"] = "silu",
                ["max_position_embeddings"] = shape.MaxPositions,
                ["rms_norm_eps"] = shape.Epsilon,
                ["rope_theta"] = shape.RopeTheta,
                ["block_length"] = 4,
                ["infill_order"] = inPlace ? "in-place" : "fim",
                ["bos_token_id"] = 0,
                ["pad_token_id"] = 1,
                ["eos_token_id"] = Eos,
            }
        );

    private static string Tokenizer(int? without)
    {
        Dictionary<int, string> control = ControlTokens.Where(pair => pair.Key != without).ToDictionary();
        Dictionary<string, int> vocabulary = control.ToDictionary(pair => pair.Value, pair => pair.Key);
        for (int value = 0; value < 256; value++)
        {
            vocabulary.Add(ByteLevelAlphabet.ToChar((byte)value).ToString(), FirstByte + value);
        }
        for (int i = 0; i < Merges.Length; i++)
        {
            vocabulary.Add(Merges[i].Replace(" ", "", StringComparison.Ordinal), FirstByte + 256 + i);
        }
        return JsonSerializer.Serialize(
            new
            {
                version = "1.0",
                added_tokens = control.Select(pair => new
                {
                    id = pair.Key,
                    content = pair.Value,
                    single_word = false,
                    lstrip = false,
                    rstrip = false,
                    normalized = false,
                    special = true,
                }),
                normalizer = new { type = "NFC" },
                pre_tokenizer = new
                {
                    type = "ByteLevel",
                    add_prefix_space = false,
                    trim_offsets = true,
                    use_regex = false,
                },
                decoder = new { type = "ByteLevel" },
                model = new
                {
                    type = "BPE",
                    vocab = vocabulary,
                    merges = Merges,
                },
            }
        );
    }
}
