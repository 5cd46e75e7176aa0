using System.Text.Json;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Training.Tests.Sft;

public sealed class SftCorpusBuilderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SftCorpusBuilderTests()
    {
        foreach (CorpusSplit split in Enum.GetValues<CorpusSplit>())
        {
            IEnumerable<string> lines = Enumerable
                .Range(0, 5)
                .Select(i => new CorpusDocument(
                    $"{split}/{i}.cs",
                    "original",
                    $"class C{i}\n{{\n    int Get(string s{i})\n    {{\n        return s{i}.Length + {i};\n    }}\n}}\n"
                ))
                .Append(new CorpusDocument($"{split}/broken.cs", "original", "class {"))
                .Append(new CorpusDocument($"{split}/other.py", "original", "x = 1\n"))
                .Select(document => JsonSerializer.Serialize(document, CorpusShard.Json));
            folder.File($"{CorpusShard.FileName(split)}-00000.jsonl", string.Join('\n', lines) + "\n");
        }
    }

    public void Dispose() => folder.Dispose();

    private SftManifest Build(string output, int train = 3) =>
        SftCorpusBuilder.Build(
            new SftCorpusOptions
            {
                CorpusDirectory = folder.Root,
                OutputDirectory = folder.At(output),
                TrainSamplesPerKind = train,
                HeldOutSamplesPerKind = 2,
            },
            null,
            CancellationToken.None
        );

    [Fact]
    public void Build_Corpus_KeepsItsLimitsAndSplits()
    {
        SftManifest manifest = Build("one");
        Assert.Equal(3, manifest.Splits["train"].ByKind["rename-variable"]);
        Assert.Equal(2, manifest.Splits["test"].ByKind["to-expression-body"]);
        Assert.Equal(0, manifest.Splits["train"].ByKind["sort-usings"]);
        foreach ((string split, SftSplit part) in manifest.Splits)
        {
            IReadOnlyList<EditSample> samples = EditShard.Read(folder.At($"one/{part.File}"));
            Assert.Equal(part.Samples, samples.Count);
            Assert.All(samples, sample => Assert.StartsWith(split, sample.Path, StringComparison.OrdinalIgnoreCase));
        }
        Assert.True(File.Exists(folder.At("one/sft.json")));
    }

    [Fact]
    public void Build_TestSplit_AsksInWordsOfItsOwn()
    {
        Build("one");
        string file = folder.At($"one/{EditShard.FileName(CorpusSplit.Test)}");
        string[] summaries =
        [
            .. EditShard
                .Read(file)
                .Where(sample => sample.Kind == "to-block-body" || sample.Kind == "to-expression-body")
                .Select(sample => sample.Instruction),
        ];
        string[] heldOut =
        [
            .. EditTexts
                .Kind("to-expression-body")
                .HeldOutPhrasings.Select(phrasing => phrasing.Replace("{name}", "Get", StringComparison.Ordinal)),
        ];
        Assert.NotEmpty(summaries);
        Assert.All(summaries, instruction => Assert.Contains(instruction, heldOut));
    }

    [Fact]
    public void Build_Twice_SameBytes()
    {
        Build("one");
        Build("two");
        foreach (string file in Directory.GetFiles(folder.At("one")))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(folder.At($"two/{Path.GetFileName(file)}")));
        }
    }

    [Fact]
    public void Build_NoCorpus_SaysHowToMakeOne()
    {
        var options = new SftCorpusOptions { CorpusDirectory = folder.At("none"), OutputDirectory = folder.At("out") };
        var error = Assert.Throws<FileNotFoundException>(() => SftCorpusBuilder.Build(options, null, CancellationToken.None));
        Assert.Contains("train corpus", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BadLine_NamesFileAndLine()
    {
        string path = folder.File("bad.jsonl", "{\"kind\":\"x\"}\n");
        var error = Assert.Throws<InvalidDataException>(() => EditShard.Read(path));
        Assert.Contains("bad.jsonl, line 1", error.Message, StringComparison.Ordinal);
    }
}
