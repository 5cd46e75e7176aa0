using BenchmarkDotNet.Attributes;
using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Benchmarks;

/// <summary>From a model's text to an edit: what every suggestion goes through behind the model.</summary>
[MemoryDiagnoser]
public class EditingBenchmarks
{
    private const string ModelText =
        "\n\t\tif (items.Count == capacity)\n\t\t{\n\t\t\treturn false;\n\t\t}\n\t\titems.Enqueue(item);\n\t\treturn true;\n\t}\n}\n";

    private string file = null!;
    private int cursor;

    [GlobalSetup]
    public void Load()
    {
        file = File.ReadAllText(RepositoryFolder.Find("docs/samples/BoundedQueue.cs"));
        int brace = file.IndexOf('{', file.IndexOf('(', StringComparison.Ordinal));
        cursor = brace + 1;
    }

    [Benchmark]
    public int Place() => EditingPipeline.Inline.Refuse(Context()) is null ? 1 : 0;

    [Benchmark]
    public int Apply() => EditingPipeline.Inline.Apply(Context(), ModelText).NewText.Length;

    private EditContext Context() => new(file, "csharp", cursor);
}
