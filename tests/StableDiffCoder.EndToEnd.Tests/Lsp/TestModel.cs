using StableDiffCoder.Engine.Tests.Infilling;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>The model that whole-process tests run: the embedded one, or, in a checkout without it, a tiny one of random weights.</summary>
public sealed class TestModel : IDisposable
{
    private readonly InfillCheckpoint? random;

    public TestModel()
    {
        string embedded = RepositoryFile.Find("models/stable-diffcoder-mini");
        IsTrained = File.Exists(Path.Combine(embedded, "config.json"));
        random = IsTrained ? null : new InfillCheckpoint(seed: 3, maxPositions: 512);
        Folder = random?.Path ?? embedded;
    }

    public string Folder { get; }

    /// <summary>Whether its suggestions can be expected to be text.</summary>
    public bool IsTrained { get; }

    public void Dispose() => random?.Dispose();
}
