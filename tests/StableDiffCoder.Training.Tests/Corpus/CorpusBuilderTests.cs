using System.Security.Cryptography;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Tests.Corpus;

public sealed class CorpusBuilderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Build_SameInput_SameBytes()
    {
        WriteTree();

        Build("one");
        Build("two");

        string[] files = [.. Directory.GetFiles(folder.At("one")).Select(Path.GetFileName).Order()!];
        Assert.Equal(["manifest.json", "test-00000.jsonl", "train-00000.jsonl", "validation-00000.jsonl"], files);
        Assert.All(files, name => Assert.Equal(File.ReadAllBytes(folder.At($"one/{name}")), File.ReadAllBytes(folder.At($"two/{name}"))));
    }

    [Fact]
    public void Build_HeldOutFolders_HaveNoFileInTrain()
    {
        WriteTree();

        Build("out");

        Assert.Equal(["tree/lib/Core/A.cs", "tree/lib/Core/B.cs"], Paths(CorpusSplit.Train));
        Assert.Equal(["tree/lib/Checked/V.cs"], Paths(CorpusSplit.Validation));
        Assert.Equal(["tree/lib/Held/T.cs"], Paths(CorpusSplit.Test));
    }

    [Fact]
    public void Build_CountsWhatItDrops_AndHashesWhatItWrites()
    {
        WriteTree();

        CorpusManifest manifest = Build("out");

        Assert.Equal(2, manifest.Dropped[nameof(DropReason.Leak)] + manifest.Dropped[nameof(DropReason.ExactDuplicate)]);
        Assert.Equal(1, manifest.Dropped[nameof(DropReason.Test)]);
        Assert.Equal(1, manifest.Dropped[nameof(DropReason.TooLarge)]);
        Assert.Equal(1, manifest.Dropped[nameof(DropReason.TooSmall)]);
        Assert.Equal(1, manifest.Dropped[nameof(DropReason.Licence)]);
        ShardManifest shard = Assert.Single(manifest.Splits["train"].Shards);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder.At($"out/{shard.File}")))), shard.Sha256);
        Assert.Equal(manifest.Splits.Values.Sum(split => split.TextBytes), Assert.Single(manifest.Sources).BytesByLicence.Values.Sum());
        Assert.Equal(CorpusManifest.Load(folder.At("out")).Splits["train"].TextBytes, manifest.Splits["train"].TextBytes);
    }

    [Fact]
    public void Build_SmallShards_HoldEverythingInOrder()
    {
        WriteTree();

        CorpusManifest manifest = CorpusBuilder.Build(Options("out") with { ShardBytes = 1 }, null, CancellationToken.None);

        Assert.Equal(2, manifest.Splits["train"].Shards.Count);
        Assert.Equal(["tree/lib/Core/A.cs", "tree/lib/Core/B.cs"], Paths(CorpusSplit.Train));
    }

    [Fact]
    public void Build_MissingFolder_SaysWhich()
    {
        var options = new CorpusOptions { Sources = [CorpusSource.Undescribed(folder.At("nowhere"))], OutputDirectory = folder.At("out") };

        var error = Assert.Throws<ArgumentException>(() => CorpusBuilder.Build(options, null, CancellationToken.None));

        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BrokenLine_NamesFileAndLine()
    {
        folder.File("out/train-00000.jsonl", "{\"path\":\"a\",\"style\":\"original\",\"text\":\"t\"}\n{\"path\":\n");

        var error = Assert.Throws<InvalidDataException>(() => CorpusShard.Read(folder.At("out"), CorpusSplit.Train).Count());

        Assert.Contains("train-00000.jsonl, line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Split_WithoutNamedFolders_KeepsAFolderTogether()
    {
        var source = new CorpusSource
        {
            Name = "s",
            Licence = "MIT",
            Root = folder.Root,
        };
        var split = new ProjectSplit(
            new CorpusOptions
            {
                Sources = [source],
                OutputDirectory = "",
                HeldOutShare = 0.3,
            }
        );

        CorpusSplit[] folders = [.. Enumerable.Range(0, 200).Select(i => split.Of(source, $"src/P{i}/A.cs"))];

        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal(folders[i], split.Of(source, $"src/P{i}/Deep/Er/B.cs")));
        Assert.InRange(folders.Count(part => part == CorpusSplit.Test), 40, 80);
        Assert.InRange(folders.Count(part => part == CorpusSplit.Validation), 40, 80);
    }

    [Fact]
    public void Load_ShippedDescription_SplitsAndLicences()
    {
        CorpusSource mono = CorpusSource.Load(Path.Combine(AppContext.BaseDirectory, "corpora", "mono.json"), folder.Root);
        var split = new ProjectSplit(new CorpusOptions { Sources = [mono], OutputDirectory = "" });

        Assert.Equal(CorpusSplit.Test, split.Of(mono, "external/corefx/src/System.Composition/src/A.cs"));
        Assert.Equal(CorpusSplit.Train, split.Of(mono, "external/corefx/src/System.CompositionOther/src/A.cs"));
        Assert.Equal("MIT", mono.LicenceOf("external/cecil/Mono.Cecil/A.cs"));
        Assert.Equal("Ms-PL", mono.LicenceOf("external/cecil/symbols/pdb/Microsoft.Cci.Pdb/A.cs"));
    }

    [Theory]
    [InlineData("npm", "reduxjs-toolkit/src/index.ts", ".ts", "MIT")]
    [InlineData("npm", "mongodb/src/index.ts", ".js", "Apache-2.0")]
    [InlineData("python", "http/client.py", ".py", "PSF-2.0")]
    public void Load_DescriptionOfAnotherLanguage_SaysEndingsAndLicences(string name, string file, string ending, string licence)
    {
        CorpusSource source = CorpusSource.Load(Path.Combine(AppContext.BaseDirectory, "corpora", $"{name}.json"), folder.Root);

        Assert.Contains(ending, source.Extensions);
        Assert.DoesNotContain(".cs", source.Extensions);
        Assert.Equal(licence, source.LicenceOf(file));
        Assert.NotEmpty(source.Validation);
        Assert.NotEmpty(source.Test);
    }

    [Fact]
    public void Build_SourcesOfTwoLanguages_ReadsEachByItsEndings()
    {
        folder.File("cs/A.cs", $"class A {{ {new string('a', 300)} }}\n");
        folder.File("cs/A.py", $"x = '{new string('b', 300)}'\n");
        folder.File("py/b.py", $"# Copyright B\n\ny = '{new string('c', 300)}'\n");
        folder.File("py/B.cs", $"class B {{ {new string('d', 300)} }}\n");
        var options = new CorpusOptions
        {
            Sources =
            [
                CorpusSource.Undescribed(Path.Combine(folder.Root, "cs")),
                CorpusSource.Undescribed(Path.Combine(folder.Root, "py")) with
                {
                    Extensions = [".py"],
                },
            ],
            OutputDirectory = Path.Combine(folder.Root, "out"),
            HeldOutShare = 0,
            CrlfShare = 0,
            ModernStyleShare = 0,
        };

        CorpusBuilder.Build(options, progress: null, CancellationToken.None);

        CorpusDocument[] documents = [.. CorpusShard.Read(options.OutputDirectory, CorpusSplit.Train)];
        Assert.Equal(["cs/A.cs", "py/b.py"], documents.Select(document => document.Path).Order(StringComparer.Ordinal));
        Assert.StartsWith("y = ", documents.Single(document => document.Path == "py/b.py").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownField_NamesTheFile()
    {
        string file = folder.File("bad.json", "{\"name\":\"a\",\"licence\":\"MIT\",\"tests\":[]}");

        Assert.Contains(
            "bad.json",
            Assert.Throws<InvalidDataException>(() => CorpusSource.Load(file, "")).Message,
            StringComparison.Ordinal
        );
    }

    private CorpusOptions Options(string output) =>
        new()
        {
            Sources =
            [
                new CorpusSource
                {
                    Name = "tree",
                    Licence = "MIT",
                    Root = folder.At("tree"),
                    Validation = ["lib/Checked"],
                    Test = ["lib/Held"],
                    Excluded = ["lib/Skipped"],
                    FolderLicences = new Dictionary<string, string> { ["lib/Copyleft"] = "GPL-2" },
                },
            ],
            OutputDirectory = folder.At(output),
            MaxFileBytes = 20_000,
        };

    private CorpusManifest Build(string output) => CorpusBuilder.Build(Options(output), null, CancellationToken.None);

    private string[] Paths(CorpusSplit split) => [.. CorpusShard.Read(folder.At("out"), split).Select(document => document.Path)];

    private void WriteTree()
    {
        folder.File("tree/lib/Core/A.cs", Code("Alpha", 40));
        folder.File("tree/lib/Core/B.cs", "// Copyright\n" + Code("Beta", 40));
        folder.File("tree/lib/Core/CopyOfA.cs", Code("Alpha", 40));
        folder.File("tree/lib/Core/HalfOfT.cs", Code("Theta", 40) + Code("Gamma", 20));
        folder.File("tree/lib/Core/Large.cs", Code("Large", 2000));
        folder.File("tree/lib/Core/Small.cs", "class A;");
        folder.File("tree/lib/Core/notes.txt", Code("Text", 40));
        folder.File("tree/lib/Core/Tests/C.cs", Code("Checks", 40));
        folder.File("tree/lib/Copyleft/G.cs", Code("Copyleft", 40));
        folder.File("tree/lib/Skipped/S.cs", Code("Skipped", 40));
        folder.File("tree/lib/Checked/V.cs", Code("Vega", 40));
        folder.File("tree/lib/Held/T.cs", Code("Theta", 40));
    }

    private static string Code(string name, int lines) =>
        $"class {name}\n{{\n{string.Concat(Enumerable.Range(0, lines).Select(i => $"    int {name}{i} = {i};\n"))}}}\n";
}
