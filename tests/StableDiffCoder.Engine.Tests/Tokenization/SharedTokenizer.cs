using System.IO.Compression;
using System.Text.Json;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Tokenization;

/// <summary>Stable-DiffCoder-8B's tokenizer, in the folder <c>shared/tokenizer</c> beside the repository.</summary>
internal static class SharedTokenizer
{
    private static readonly Lazy<HuggingFaceTokenizer> Loaded = new(() => TemporaryTokenizerFile.Load(Json()));

    public static string Folder { get; } = FindFolder();

    public static bool IsPresent => File.Exists(CompressedPath) && File.Exists(GoldenPath);

    public static HuggingFaceTokenizer Instance => Loaded.Value;

    private static string CompressedPath => Path.Combine(Folder, "stable-diffcoder-8b.tokenizer.json.br");

    private static string GoldenPath => Path.Combine(Folder, "golden-sample.json");

    public static (string Text, int[] Ids)[] GoldenSamples()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenPath));
        return
        [
            .. document
                .RootElement.EnumerateArray()
                .Select(sample => (sample.GetProperty("text").GetString()!, sample.GetProperty("ids").Deserialize<int[]>()!)),
        ];
    }

    public static byte[] Json()
    {
        using var brotli = new BrotliStream(File.OpenRead(CompressedPath), CompressionMode.Decompress);
        using var json = new MemoryStream();
        brotli.CopyTo(json);
        return json.ToArray();
    }

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StableDiffCoder.Lsp.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.Parent?.FullName ?? AppContext.BaseDirectory, "shared", "tokenizer");
    }
}
