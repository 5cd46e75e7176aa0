using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Kernels;
using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Cli.Measuring;

/// <summary>What one random checkpoint did on a device.</summary>
/// <param name="Checkpoint">Its seed.</param>
/// <param name="DataType">Type of the weights.</param>
/// <param name="LargestDifference">Largest difference of a log-probability from the CPU's, nats, over a prompt, a block and a fused forward.</param>
/// <param name="Tolerance">What is allowed.</param>
/// <param name="SameTokens">Whether the fused sampler on the device wrote the tokens of the released sampler on the CPU; null where not asked (rounded activations may decide near ties otherwise).</param>
internal sealed record ConformanceRow(int Checkpoint, string DataType, double LargestDifference, double Tolerance, bool? SameTokens)
{
    /// <summary>Whether the device computes what the CPU does.</summary>
    public bool Holds => LargestDifference <= Tolerance && SameTokens != false;
}

/// <summary>
/// Compares a device with the CPU on random checkpoints: the same weights, rounded alike, in float32 on the CPU by libtorch's plain forward,
/// which tests compare with an independent reference. Runs on the thread that owns the models.
/// </summary>
internal static class DeviceConformance
{
    private const int Vocabulary = 512;
    private const int PromptLength = 96;
    private const int BlockLength = 4;
    private const int NewTokens = 24;
    private static readonly SpecialIds Special = new(Mask: 1, Eos: 0, Forbidden: [1]);

    /// <summary>Types that a device is asked for, and how far a log-probability may be off: float32's sums in another order, and activations of 8 bits of mantissa.</summary>
    public static IReadOnlyList<(string Name, double Tolerance)> Types { get; } = [("float32", 2e-3), ("bfloat16", 0.25), ("int8", 2e-3)];

    /// <summary>Compares one checkpoint in one type.</summary>
    public static ConformanceRow Run(int checkpoint, string type, double tolerance, Device device, CancellationToken cancellationToken)
    {
        using var inference = inference_mode(true);
        using var scope = NewDisposeScope();
        ModelConfig config = Config(checkpoint) with { Quantization = WeightQuantizations.Of(type) };
        ScalarType floats = type == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32;
        using var tested = new DiffusionTransformer(config, floats, device);
        using var reference = new DiffusionTransformer(config, ScalarType.Float32, CPU);
        Fill(tested, reference, checkpoint);
        if (device.type == TorchSharp.DeviceType.CPU)
        {
            // What the CPU itself is asked for are its kernels.
            tested.UseKernels(LinearKernels.Best, get_num_threads());
        }
        cancellationToken.ThrowIfCancellationRequested();
        int[] prompt = Ids(checkpoint);
        double difference = Forwards(prompt)
            .Max(forward =>
            {
                using var step = NewDisposeScope();
                return LargestDifference(forward(tested), forward(reference));
            });
        bool? same =
            type == "bfloat16"
                ? null
                : Generate(SamplerKind.Fused, tested, prompt, cancellationToken)
                    .SequenceEqual(Generate(SamplerKind.Reference, reference, prompt, cancellationToken));
        return new ConformanceRow(checkpoint, type, difference, tolerance, same);
    }

    // A prompt without a cache, a block of masks behind it, and that block finished with the next one's masks beside it.
    private static IEnumerable<Func<DiffusionTransformer, Tensor>> Forwards(int[] prompt)
    {
        AttentionPattern pattern = AttentionPattern.BlockCausal(BlockLength);
        int[] masks = [.. Enumerable.Repeat(Special.Mask, BlockLength)];
        yield return model => model.Logits(model.Forward(prompt, pattern));
        yield return model =>
        {
            using KvCache cache = Prefilled(model, prompt, pattern);
            return model.Logits(model.Forward(masks, pattern, cache));
        };
        yield return model =>
        {
            using KvCache cache = Prefilled(model, prompt, pattern);
            var layout = new ForwardLayout();
            RowRange finished = layout.Add(prompt.AsSpan(0, BlockLength), prompt.Length);
            layout.Add(masks, prompt.Length + BlockLength, sees: finished);
            return model.Logits(model.Forward(layout, cache));
        };
    }

    private static KvCache Prefilled(DiffusionTransformer model, int[] prompt, AttentionPattern pattern)
    {
        KvCache cache = model.NewCache(prompt.Length + (4 * BlockLength));
        model.Forward(prompt, pattern, cache).Dispose();
        cache.Commit(prompt.Length);
        return cache;
    }

    private static double LargestDifference(Tensor tested, Tensor reference)
    {
        Tensor left = nn.functional.log_softmax(tested.to(ScalarType.Float64).cpu(), -1);
        Tensor right = nn.functional.log_softmax(reference.to(ScalarType.Float64), -1);
        double largest = (left - right).abs().max().item<double>();
        return double.IsNaN(largest) ? double.PositiveInfinity : largest;
    }

    private static IReadOnlyList<int> Generate(
        SamplerKind kind,
        DiffusionTransformer model,
        int[] prompt,
        CancellationToken cancellationToken
    ) =>
        Samplers
            .Create(kind, model, Special)
            .Generate(prompt, new SamplerOptions { GenLength = NewTokens }, new GenerationHooks(), cancellationToken)
            .NewIds;

    // The same values on both: what the tested model rounds them to.
    private static void Fill(DiffusionTransformer tested, DiffusionTransformer reference, int checkpoint)
    {
        using var generator = new Generator((ulong)checkpoint, CPU);
        foreach ((string name, QuantizedWeight weight) in tested.QuantizedWeights)
        {
            using Tensor values = Random(weight.Rows, weight.Columns, generator);
            weight.SetRows(0, values);
            reference.QuantizedWeights[name].SetRows(0, values);
        }
        foreach ((string name, Tensor weight) in tested.Weights)
        {
            using Tensor values = weight.dim() < 2 ? ones(weight.shape) : Random(weight.shape[0], weight.shape[1], generator);
            weight.copy_(values);
            reference.Weights[name].copy_(weight);
        }
    }

    private static Tensor Random(long rows, long columns, Generator generator) =>
        randn([rows, columns], generator: generator).MultiplyInPlace(1 / Math.Sqrt(columns));

    private static int[] Ids(int checkpoint)
    {
        var random = new Random(checkpoint);
        return [.. Enumerable.Range(0, PromptLength).Select(_ => random.Next(2, Vocabulary))];
    }

    private static ModelConfig Config(int checkpoint)
    {
        int keyValueHeads = 1 + (checkpoint % 3);
        int heads = keyValueHeads * (1 + (checkpoint / 3 % 3));
        int width = checkpoint % 2 == 0 ? 32 : 64;
        return new ModelConfig
        {
            VocabSize = Vocabulary,
            HiddenSize = 64 * (1 + (checkpoint % 4)),
            IntermediateSize = 96 * (1 + (checkpoint % 5)),
            LayerCount = 1 + (checkpoint % 4),
            HeadCount = heads,
            KeyValueHeadCount = keyValueHeads,
            HeadDimension = width,
            RopeTheta = 10000,
            MaxPositionEmbeddings = 256,
            TieWordEmbeddings = checkpoint % 2 == 1,
            BlockLength = BlockLength,
        };
    }
}
