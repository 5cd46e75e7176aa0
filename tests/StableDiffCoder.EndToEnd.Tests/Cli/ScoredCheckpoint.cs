using StableDiffCoder.Engine.Tests.Infilling;
using StableDiffCoder.Engine.Tests.Reference;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

/// <summary>A random checkpoint whose weights the plain reference knows, with a tokenizer that can write any text.</summary>
internal sealed class ScoredCheckpoint : IDisposable
{
    private static readonly CheckpointShape Shape = new() { Vocabulary = 280 };

    private readonly RandomCheckpoint checkpoint = new(Shape, seed: 4);

    public ScoredCheckpoint()
    {
        using var tokenizer = new InfillCheckpoint();
        File.Copy(tokenizer.FilePath("tokenizer.json"), checkpoint.FilePath("tokenizer.json"), overwrite: true);
        Transformer = new ReferenceTransformer(Shape, checkpoint.Weights);
    }

    public static int Vocabulary => Shape.Vocabulary;

    /// <summary>What a sampler never chooses.</summary>
    public static IReadOnlyCollection<int> Forbidden => [InfillCheckpoint.Mask, .. InfillCheckpoint.IdsWithoutToken];

    public string Path => checkpoint.Path;

    public ReferenceTransformer Transformer { get; }

    public void Dispose() => checkpoint.Dispose();
}
