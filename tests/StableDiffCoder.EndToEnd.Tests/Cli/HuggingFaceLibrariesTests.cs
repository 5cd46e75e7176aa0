using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using StableDiffCoder.Engine.Tests;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

/// <summary>The tokenizers of this project against npm @huggingface/transformers and @huggingface/tokenizers, in a process of Node.</summary>
public sealed class HuggingFaceLibrariesTests : IDisposable
{
    private const int Texts = 3000;

    private static readonly string[] Specials =
    [
        "<[begin▁of▁sentence]>",
        "<[end▁of▁sentence]>",
        "<[PAD▁TOKEN]>",
        "<[MASK_TOKEN]>",
        "<[fim-prefix]>",
        "<[fim-suffix]>",
        "<[fim-middle]>",
        "<[fim-",
        "<[",
    ];

    // Characters that Unicode has had for long, so that every library's tables know them.
    private static readonly Gen<string> Piece = Gen.Frequency(
        (4, Characters(0x20, 0x7E, 12)),
        (2, OneOf(" ", "  ", "    ", "\t", "\n", "\r\n", "\n\n    ", " \n", "\u00A0", "\u3000", "\u2028")),
        (2, OneOf("public static int Add(int left, int right)", "return left + right;", "didn't we'll I'VE", "x2 = 0x1F + 1_000.5e-3;")),
        (1, Gen.Int[0, 1_000_000_000].Select(number => number.ToString(CultureInfo.InvariantCulture))),
        (1, Characters(0xC0, 0x24F, 6)),
        (1, Characters(0x300, 0x345, 3).Select(marks => "e" + marks + "o\u0308")),
        (1, Characters(0x391, 0x3A1, 4)),
        (1, Characters(0x410, 0x44F, 6)),
        (1, Characters(0x661, 0x669, 3)),
        (1, Characters(0x905, 0x94D, 5)),
        (1, Gen.Select(Characters(0x1100, 0x1112, 1), Characters(0x1161, 0x1175, 1), (lead, vowel) => lead + vowel)),
        (1, Characters(0x4E00, 0x9FA5, 5)),
        (1, Characters(0x1D400, 0x1D454, 3)),
        (1, Characters(0x1F600, 0x1F640, 3)),
        (1, Characters(0x1, 0x1F, 2)),
        (1, OneOf(Specials))
    );

    private static readonly Gen<string> Text = Piece.Array[0, 10].Select(string.Concat);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Encode_TokenizerOfTrainTokenizer_IdsEqualTheLibraries()
    {
        string sources = Path.GetDirectoryName(RepositoryFile.Find("server/StableDiffCoder.Engine/StableDiffCoder.Engine.csproj"))!;
        await TrainAsync("corpus", "--from", sources, "--out", folder.File("corpus"));
        await TrainAsync("tokenizer", "--corpus", folder.File("corpus"), "--out", folder.File("tokenizer.json"), "--vocabulary", "1200");
        await AssertEqualIdsAsync(folder.File("tokenizer.json"));
    }

    [Fact]
    public Task Encode_TokenizerOfEmbeddedModel_IdsEqualTheLibraries() =>
        AssertEqualIdsAsync(RepositoryFile.Find("models/stable-diffcoder-mini/tokenizer.json"));

    [Fact]
    public async Task Encode_WrongId_IsNoticed()
    {
        string definition = RepositoryFile.Find("models/stable-diffcoder-mini/tokenizer.json");
        int[] ids = HuggingFaceTokenizer.Load(definition).Encode("int x = 1;", parseSpecial: true);
        ids[^1]++;
        JsonElement report = await CompareAsync(definition, [("int x = 1;", ids)]);
        Assert.All(report.EnumerateObject(), library => Assert.Equal(1, library.Value.GetProperty("differing").GetArrayLength()));
    }

    private async Task AssertEqualIdsAsync(string definition)
    {
        var tokenizer = HuggingFaceTokenizer.Load(definition);
        string[] texts = Text.Array[Texts].Single();
        JsonElement report = await CompareAsync(definition, texts.Select(text => (text, tokenizer.Encode(text, parseSpecial: true))));
        Assert.Equal(["@huggingface/tokenizers", "@huggingface/transformers"], report.EnumerateObject().Select(library => library.Name));
        foreach (JsonProperty library in report.EnumerateObject())
        {
            Assert.Equal(Texts, library.Value.GetProperty("cases").GetInt32());
            Assert.True(library.Value.GetProperty("differing").GetArrayLength() == 0, library.ToString());
        }
    }

    private async Task<JsonElement> CompareAsync(string definition, IEnumerable<(string Text, int[] Ids)> cases)
    {
        string file = folder.File("cases.jsonl");
        await File.WriteAllLinesAsync(file, cases.Select(one => JsonSerializer.Serialize(new { text = one.Text, ids = one.Ids })));
        var start = new ProcessStartInfo("node", [RepositoryFile.Find("tests/huggingface/compare-ids.mjs"), definition, file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using Process node = Process.Start(start)!;
        Task<string> errors = node.StandardError.ReadToEndAsync();
        string output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, $"{await errors}\nnode failed; run npm ci at the repository's root");
        return JsonDocument.Parse(output).RootElement;
    }

    private static async Task TrainAsync(string step, params string[] arguments)
    {
        CliResult result = await CliInProcess.RunAsync("", ["train", step, .. arguments]);
        Assert.True(result.ExitCode == 0, result.Error);
    }

    private static Gen<string> OneOf(params string[] pieces) => Gen.Int[0, pieces.Length - 1].Select(index => pieces[index]);

    private static Gen<string> Characters(int first, int last, int most) =>
        Gen.Int[first, last].Select(char.ConvertFromUtf32).Array[1, most].Select(string.Concat);
}
