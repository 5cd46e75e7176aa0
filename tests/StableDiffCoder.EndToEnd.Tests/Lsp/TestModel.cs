using StableDiffCoder.Engine.Tests.Infilling;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>The model that whole-process tests run: the embedded one, or, in a checkout without it, a tiny one of random weights (a seed with which it has something to say).</summary>
public sealed class TestModel : IDisposable
{
    private readonly InfillCheckpoint? random;

    public TestModel()
    {
        string embedded = RepositoryFile.Find("models/stable-diffcoder-mini");
        bool isThere = File.Exists(Path.Combine(embedded, "config.json"));
        random = isThere ? null : new InfillCheckpoint(seed: 8, maxPositions: 512);
        Folder = random?.Path ?? embedded;
    }

    public string Folder { get; }

    public void Dispose() => random?.Dispose();
}
