using BenchmarkDotNet.Attributes;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Benchmarks;

/// <summary>Text to ids and back: the first and the last step of every request.</summary>
[MemoryDiagnoser]
public class TokenizerBenchmarks
{
    private HuggingFaceTokenizer tokenizer = null!;
    private string text = null!;
    private int[] ids = null!;

    [GlobalSetup]
    public void Load()
    {
        tokenizer = HuggingFaceTokenizer.Load(RepositoryFolder.Find("models/stable-diffcoder-mini/tokenizer.json"));
        text = File.ReadAllText(RepositoryFolder.Find("docs/samples/BoundedQueue.cs"));
        ids = [.. tokenizer.Encode(text, parseSpecial: false)];
    }

    [Benchmark]
    public int Encode() => tokenizer.Encode(text, parseSpecial: false).Length;

    [Benchmark]
    public int Decode() => tokenizer.Decode(ids).Length;
}
