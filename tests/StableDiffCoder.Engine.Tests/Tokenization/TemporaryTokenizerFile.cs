using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Tokenization;

/// <summary>A tokenizer.json on disk for as long as a test needs it.</summary>
internal sealed class TemporaryTokenizerFile : IDisposable
{
    public TemporaryTokenizerFile(byte[] json)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"tokenizer-{Guid.NewGuid():N}.json");
        File.WriteAllBytes(Path, json);
    }

    public string Path { get; }

    public static HuggingFaceTokenizer Load(byte[] json)
    {
        using var file = new TemporaryTokenizerFile(json);
        return HuggingFaceTokenizer.Load(file.Path);
    }

    public void Dispose() => File.Delete(Path);
}
