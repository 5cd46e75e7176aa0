using StableDiffCoder.Engine.Kernels;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tests.Reference;
using StableDiffCoder.Engine.Weights;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Conformance;

/// <summary>One random checkpoint, as the engine loads it and as the reference computes it.</summary>
public sealed class ConformanceCheckpoint : IDisposable
{
    private static readonly Dictionary<string, CheckpointShape> Shapes = new()
    {
        ["grouped 4/2"] = new(),
        ["multi-head 4/4"] = new() { KeyValueHeads = 4, Layers = 3 },
        ["multi-query 4/1, theta 500000"] = new() { KeyValueHeads = 1, RopeTheta = 500000 },
        ["head wider than hidden/heads"] = new() { HeadDimension = 12, Layers = 1 },
        ["head narrower, odd vocabulary"] = new()
        {
            Hidden = 20,
            Heads = 2,
            KeyValueHeads = 1,
            HeadDimension = 6,
            Vocabulary = 97,
            Intermediate = 33,
        },
        ["epsilon 1e-2"] = new() { Epsilon = 1e-2, Layers = 1 },
        ["float16"] = new() { Type = StoredType.F16 },
        ["bfloat16, 3 shards"] = new() { Type = StoredType.BF16, Shards = 3 },
        ["tied"] = new() { Tied = true },
        ["bfloat16, tied, 2 shards, 4/1"] = new()
        {
            Type = StoredType.BF16,
            Tied = true,
            Shards = 2,
            KeyValueHeads = 1,
        },
    };

    private readonly RandomCheckpoint files;
    private readonly ReferenceTransformer reference;

    public ConformanceCheckpoint(string name, ScalarType dtype = ScalarType.Float32, ILinearKernel? kernel = null)
    {
        Shape = Shapes[name];
        files = new RandomCheckpoint(Shape, seed: 11);
        reference = new ReferenceTransformer(Shape, files.Weights);
        ModelDirectory directory = ModelDirectory.Open(files.Path);
        Model = new DiffusionTransformer(directory.Config, dtype, CPU);
        WeightLoader.Load(directory, Model.Weights);
        if (kernel is not null)
        {
            Model.UseKernels(kernel, threads: 2);
        }
    }

    public static TheoryData<string> Names => [.. Shapes.Keys];

    /// <summary>Every checkpoint, computed by libtorch and by the kernels that serve this CPU.</summary>
    public static TheoryData<string, bool> NamesAndPaths
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (string name in Shapes.Keys)
            {
                all.Add(name, false);
                all.Add(name, true);
            }
            return all;
        }
    }

    public CheckpointShape Shape { get; }

    public DiffusionTransformer Model { get; }

    /// <summary>A sequence with masks and special ids in it.</summary>
    public int[] RandomIds(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(4) == 0 ? CheckpointShape.Mask : random.Next(Shape.Vocabulary))];
    }

    public double[][] ReferenceLogits(IReadOnlyList<int> ids, Func<int, int, bool> sees) => reference.Logits(ids, sees);

    public ReferenceSampler ReferenceSampler(int blockLength) =>
        new(ids => reference.Logits(ids, (query, key) => key / blockLength <= query / blockLength));

    /// <summary>The engine's logits, as float64 rows.</summary>
    public double[][] Logits(ReadOnlySpan<int> ids, AttentionPattern pattern, KvCache? cache = null)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor logits = Model.Logits(Model.Forward(ids, pattern, cache)).to(ScalarType.Float64);
        return [.. logits.data<double>().ToArray().Chunk(Shape.Vocabulary)];
    }

    public void Dispose()
    {
        Model.Dispose();
        files.Dispose();
    }
}
