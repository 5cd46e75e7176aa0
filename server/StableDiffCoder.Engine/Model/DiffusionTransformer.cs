using StableDiffCoder.Engine.Kernels;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>
/// A Llama-architecture transformer that predicts the token at a masked position itself: no logit shift. Parameter names are the
/// checkpoint's own. Not thread-safe: one thread owns it.
/// </summary>
public sealed class DiffusionTransformer : nn.Module
{
    [ComponentName(Name = "model")]
    private readonly TransformerTrunk trunk;

    [ComponentName(Name = "lm_head")]
    private readonly Projection? head;

    private readonly RotaryEmbedding rotary;
    private readonly AttentionMaskCache masks;
    private DecodePath? decode;

    /// <summary>Allocates a model whose weights are not yet set.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="dtype">float32 or bfloat16.</param>
    /// <param name="device">Where it lives.</param>
    public DiffusionTransformer(ModelConfig config, ScalarType dtype, Device device)
        : base(nameof(DiffusionTransformer))
    {
        if (config.Quantization == WeightQuantization.FourBits && device.type != DeviceType.CPU)
        {
            throw new NotSupportedException($"Weights in int4 run on the CPU only; use int8, float32 or bfloat16 on {device}.");
        }
        Config = config;
        DataType = dtype;
        Device = device;
        trunk = new TransformerTrunk(config, dtype, device);
        head = config.TieWordEmbeddings ? null : new Projection(config.HiddenSize, config.VocabSize, dtype, device, config.Quantization);
        masks = new AttentionMaskCache(device);
        rotary = new RotaryEmbedding(config.HeadDimension, config.RopeTheta, config.MaxPositionEmbeddings, dtype, device);
        RegisterComponents();
        foreach (Tensor weight in parameters())
        {
            // The weights live as long as the module, whatever scope it was made in.
            weight.DetachFromDisposeScope();
        }
    }

    /// <summary>The model's shape.</summary>
    public ModelConfig Config { get; }

    /// <summary>Type of weights and activations.</summary>
    public ScalarType DataType { get; }

    /// <summary>Where the weights are.</summary>
    public Device Device { get; }

    /// <summary>Checkpoint name → weight; the tensors are the model's own, so writing to them loads it.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);

    /// <summary>Checkpoint name → weight in few bits; empty unless the config says so.</summary>
    public IReadOnlyDictionary<string, QuantizedWeight> QuantizedWeights => Quantized(this);

    /// <summary>Number of weights; a tied head counts once.</summary>
    public long ParameterCount =>
        Weights.Values.Sum(weight => weight.numel()) + QuantizedWeights.Values.Sum(weight => (long)weight.Rows * weight.Columns);

    private static Dictionary<string, QuantizedWeight> Quantized(nn.Module module) =>
        module
            .named_modules()
            .Where(part => part.module is Projection { Quantized: not null })
            .ToDictionary(part => $"{part.name}.weight", part => ((Projection)part.module).Quantized!);

    /// <summary>
    /// Computes forwards of few tokens behind a cache, and logits of few rows, by kernels that read the weights' memory, instead of by libtorch.
    /// For inference on the CPU alone: call it when the weights are loaded, and neither train nor move the model afterwards.
    /// </summary>
    /// <param name="kernel">How products are computed.</param>
    /// <param name="threads">Threads, the caller's included.</param>
    /// <exception cref="NotSupportedException">The model is not on the CPU, or neither float32 nor bfloat16.</exception>
    public void UseKernels(ILinearKernel kernel, int threads)
    {
        if (Device.type != DeviceType.CPU)
        {
            throw new NotSupportedException($"The kernels run on the CPU; this model is on {Device}.");
        }
        decode?.Dispose();
        WeightMatrix matrix = head is null ? DecodeWeights.MatrixOf(trunk.EmbeddingWeight) : head.Matrix;
        decode = new DecodePath(new DecodeForward(Config, trunk.Describe(matrix), kernel, threads), Config);
    }

    /// <summary>Computes everything by libtorch again.</summary>
    public void UseLibtorch()
    {
        decode?.Dispose();
        decode = null;
    }

    /// <summary>Most rows of a forward that kernels compute.</summary>
    public const int MostKernelRows = DecodePath.MostRows;

    /// <summary>What one forward reads and multiplies: every weight once, but of an untied embedding a few rows only, which do not count.</summary>
    /// <param name="logits">Whether the output head is used.</param>
    public ForwardCost Cost(bool logits)
    {
        bool countEmbedding = head is null && logits;
        long floats = trunk.parameters().Sum(weight => weight.numel()) - (countEmbedding ? 0 : trunk.EmbeddingWeight.numel());
        long bytes = floats * trunk.EmbeddingWeight.element_size();
        var cost = new ForwardCost(bytes, floats);
        foreach (QuantizedWeight weight in Quantized(trunk).Values)
        {
            cost = cost.Plus(weight.ByteLength, (long)weight.Rows * weight.Columns);
        }
        if (head is not null && logits)
        {
            long weights = (long)Config.VocabSize * Config.HiddenSize;
            cost = cost.Plus(head.Quantized?.ByteLength ?? weights * head.Weight.element_size(), weights);
        }
        return cost;
    }

    /// <summary>The kernels in use and their threads, such as "AVX-512, 2 threads"; null when all is libtorch's.</summary>
    public string? Kernels => decode?.Description;

    /// <summary>A cache for this model.</summary>
    public KvCache NewCache(int capacity) => new(Config, capacity, DataType, Device);

    /// <summary>Runs tokens at consecutive positions, behind the cache's finished ones when there is a cache.</summary>
    /// <param name="tokenIds">[T] ids.</param>
    /// <param name="pattern">Which positions see which; positions are absolute.</param>
    /// <param name="cache">Finished positions; the new ones are written behind them, and stay only if the caller commits them.</param>
    /// <returns>Final hidden states, [T, D], in the model's type, or in float32 where kernels computed them.</returns>
    /// <exception cref="ArgumentException">An id is outside the vocabulary, or a position outside the model.</exception>
    public Tensor Forward(ReadOnlySpan<int> tokenIds, AttentionPattern pattern, KvCache? cache = null)
    {
        int start = cache?.Length ?? 0;
        CheckIds(tokenIds, start);
        CheckLength((long)start + tokenIds.Length);
        if (cache is not null && decode is not null && DecodePath.Takes(tokenIds.Length))
        {
            return decode.Forward(tokenIds, pattern, cache);
        }
        using var scope = NewDisposeScope();
        Tensor ids = tensor(tokenIds.ToArray(), ScalarType.Int64, device: Device).unsqueeze(0); // [1, T]
        Tensor? mask = masks.For(pattern, start, tokenIds.Length);
        return trunk.Forward(ids, rotary.At(start, tokenIds.Length), new AttentionView(mask), cache).squeeze(0).MoveToOuterDisposeScope();
    }

    /// <summary>Runs rows that a layout puts behind the cache's finished positions. They stay in the cache only if the caller commits the first of them.</summary>
    /// <param name="layout">Ids, positions, and which row sees which.</param>
    /// <param name="cache">Finished positions; all rows see all of them.</param>
    /// <returns>Final hidden states, [T, D], a row for each of the layout's.</returns>
    /// <exception cref="ArgumentException">An id is outside the vocabulary, or a position outside the model.</exception>
    public Tensor Forward(ForwardLayout layout, KvCache cache)
    {
        int[] positions = [.. layout.Positions];
        CheckIds([.. layout.Ids], cache.Length);
        CheckLength(positions.Max() + 1L);
        if (decode is not null && DecodePath.Takes(positions.Length))
        {
            return decode.Forward(layout, cache);
        }
        using var scope = NewDisposeScope();
        Tensor ids = tensor(layout.Ids.ToArray(), ScalarType.Int64, device: Device).unsqueeze(0); // [1, T]
        (Tensor, Tensor) rows = rotary.At(tensor(positions, ScalarType.Int64, device: Device));
        return trunk.Forward(ids, rows, new AttentionView(masks.For(layout, cache.Length)), cache).squeeze(0).MoveToOuterDisposeScope();
    }

    private void CheckIds(ReadOnlySpan<int> tokenIds, int start)
    {
        int outside = tokenIds.IndexOfAnyExceptInRange(0, Config.VocabSize - 1);
        if (outside >= 0)
        {
            throw new ArgumentException(
                $"The id {tokenIds[outside]} at {start + outside} is not one of the model's 0 to {Config.VocabSize - 1}."
            );
        }
    }

    private void CheckLength(long length)
    {
        if (length > Config.MaxPositionEmbeddings)
        {
            throw new ArgumentException(
                $"{length} tokens are more than the model's {Config.MaxPositionEmbeddings} positions (max_position_embeddings); shorten the text."
            );
        }
    }

    /// <summary>Runs a batch in the layout its tiles say; every row has the positions 0…P−1, once or several times.</summary>
    /// <param name="tokenIds">[B, R·P] ids.</param>
    /// <param name="tiles">Which of the R·P positions see which; null when all see all.</param>
    /// <param name="repeats">R, how often the positions repeat (2 for the training layout [noisy ; clean]).</param>
    /// <returns>Final hidden states, [B, R·P, D].</returns>
    public Tensor Forward(Tensor tokenIds, AttentionTiles? tiles, int repeats = 1)
    {
        using var scope = NewDisposeScope();
        int positions = (int)tokenIds.shape[1] / repeats;
        (Tensor cosines, Tensor sines) = rotary.At(0, positions);
        (Tensor, Tensor) rows = repeats == 1 ? (cosines, sines) : (cosines.repeat(repeats, 1), sines.repeat(repeats, 1));
        return trunk.Forward(tokenIds, rows, new AttentionView(null, tiles), cache: null).MoveToOuterDisposeScope();
    }

    /// <summary>Scores of every id.</summary>
    /// <param name="hidden">[…, D], from a forward.</param>
    /// <returns>Logits, […, V], in the model's type, or in float32 where kernels computed them.</returns>
    public Tensor Logits(Tensor hidden)
    {
        if (decode is not null && hidden.dim() == 2 && DecodePath.Takes((int)hidden.shape[0]))
        {
            return decode.Logits(hidden);
        }
        using var scope = NewDisposeScope();
        Tensor input = hidden.to(DataType);
        return (head is null ? nn.functional.linear(input, HeadWeight) : head.forward(input)).MoveToOuterDisposeScope();
    }

    /// <summary>The output head, [V, D]: the embedding when the checkpoint ties them.</summary>
    public Tensor HeadWeight => head is null ? trunk.EmbeddingWeight : head.Weight;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decode?.Dispose();
            rotary.Dispose();
            masks.Dispose();
        }
        base.Dispose(disposing);
    }
}
