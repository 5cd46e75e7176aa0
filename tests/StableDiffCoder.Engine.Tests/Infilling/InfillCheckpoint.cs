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
        File.WriteAllText(folder.File("config.json"), CheckpointFiles.Config(shape, inPlace ? "in-place" : "fim"));
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
        bool norm = name.EndsWith("norm.weight", StringComparison.Ordinal);
        double deviation = name == "model.embed_tokens.weight" ? 1 : 0.5;
        double Scale(int index) => name == "lm_head.weight" && index / shape[1] == Eos ? eosWeight : 1;
        return CheckpointFiles.Values(shape, random, (normal, index) => norm ? 1 : Scale(index) * normal * deviation);
    }

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
        return CheckpointFiles.Tokenizer(vocabulary, control, Merges, normalizer: "NFC");
    }
}
