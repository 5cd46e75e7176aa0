using CsCheck;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Sft;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Tests.Sft;

/// <summary>What holds for all samples of all files.</summary>
public sealed class EditSamplerTests
{
    // Members that compile; # is a word of their own.
    private static readonly string[] Members =
    [
        "private int count# = 0;",
        "private static string name# = \"a\";",
        "public int GetTotal#(int[] values)\n{\n    int sum = 0;\n    for (int i = 0; i < values.Length; i++)\n    {\n        sum += values[i];\n    }\n    return sum;\n}",
        "public string Describe#(string text, int number)\n{\n    return string.Format(\"{0}: {1:x}\", text, number);\n}",
        "/// <summary>Chooses.</summary>\n/// <param name=\"flag\">Which.</param>\npublic int Choose#(bool flag)\n{\n    if (flag)\n    {\n        return 1;\n    }\n    else\n    {\n        return 2;\n    }\n}",
        "public Task<int> LoadAsync#(string path)\n{\n    return ReadAsync#(path);\n}\n\nprivate async Task<int> ReadAsync#(string path)\n{\n    return await Task.FromResult(path.Length);\n}",
        "public int Last#\n{\n    get { return 3; }\n}",
        "public bool IsEmpty# => Last() == 0;",
        "public void Print#(List<string> lines)\n{\n    foreach (var line in lines)\n    {\n        var text = line.Trim();\n        Use(text);\n    }\n}",
        "public void Fill#(Dictionary<string, List<int>> map)\n{\n    foreach (KeyValuePair<string, List<int>> pair in map)\n    {\n        List<int> list = pair.Value;\n        list.Add(pair.Key.Length); // keeps\n    }\n}",
        "public void Wait#()\n{\n    Task.Delay(1).Wait();\n    WorkAsync().Wait();\n}",
        "private static int Try#(string s)\n{\n    try\n    {\n        return int.Parse(s);\n    }\n    catch (FormatException ex)\n    {\n        Use(ex.Message);\n        return -1;\n    }\n}",
    ];

    private static readonly string[] Words =
    [
        "Red",
        "Green",
        "Blue",
        "White",
        "Black",
        "Brown",
        "Gray",
        "Pink",
        "Teal",
        "Gold",
        "Rust",
        "Plum",
    ];

    private const string Shared =
        "private static int Last() => 1;\n\nprivate static void Use(object o) { }\n\nprivate static Task WorkAsync() => Task.CompletedTask;";

    private static readonly Gen<CorpusDocument> Documents =
        from chosen in Gen.Int[0, Members.Length - 1].Array[1, 8]
        from tabs in Gen.Bool
        from crlf in Gen.Bool
        select new CorpusDocument($"source/{string.Join('-', chosen)}.cs", "original", Text(chosen, tabs, crlf));

    private static readonly SftCorpusOptions Options = new()
    {
        CorpusDirectory = "",
        OutputDirectory = "",
        PrefixLength = 100_000,
        SuffixLength = 100_000,
    };

    private static string Text(int[] chosen, bool tabs, bool crlf)
    {
        IEnumerable<string> members = chosen
            .Select((member, i) => Members[member].Replace("#", Words[i % Words.Length], StringComparison.Ordinal))
            .Append(Shared);
        string body = string.Join("\n\n", members).Replace("\n", "\n    ", StringComparison.Ordinal);
        string text =
            $"using System.Threading.Tasks;\nusing System.Collections.Generic;\nusing System.IO;\nusing System;\n\npublic class C\n{{\n    {body}\n}}\n";
        text = tabs ? text.Replace("    ", "\t", StringComparison.Ordinal) : text;
        return crlf ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;
    }

    [Fact]
    public void Sample_AnyFile_GivesEditsThatStillCompile() =>
        Documents.Sample(
            document =>
            {
                Assert.Empty(Errors(document.Text));
                foreach (EditSample sample in new EditSampler(Options).Sample(document, EditKinds.All, heldOutPhrasings: false))
                {
                    string before = sample.Prefix + sample.Before + sample.Suffix;
                    Assert.Contains(document.Text, (string[])[before, sample.Prefix + sample.After + sample.Suffix]);
                    Assert.Empty(Errors(before));
                    Assert.NotEqual(sample.Before, sample.After);
                    Assert.DoesNotContain("{", sample.Instruction.Replace("if", "", StringComparison.Ordinal), StringComparison.Ordinal);
                    string after = sample.Prefix + sample.After + sample.Suffix;
                    Assert.True(EditSource.Parses(after), after);
                    IEnumerable<string> errors = Errors(after);
                    Assert.True(!errors.Any(), $"{sample.Kind}: {sample.Instruction}\n{string.Join('\n', errors)}\n{after}");
                    Assert.Equal(
                        document.Text.Contains('\r', StringComparison.Ordinal),
                        !after.Replace("\r\n", "", StringComparison.Ordinal).Contains('\n', StringComparison.Ordinal)
                    );
                }
            },
            iter: 20
        );

    [Fact]
    public void Sample_AllKinds_AreFoundInTheseFiles()
    {
        CorpusDocument document = new(
            "source/all.cs",
            "original",
            Text([.. Enumerable.Range(0, Members.Length)], tabs: false, crlf: false)
        );
        IEnumerable<string> kinds = new EditSampler(Options)
            .Sample(document, EditKinds.All, heldOutPhrasings: true)
            .Select(sample => sample.Kind)
            .Distinct();
        Assert.Equal(EditKinds.All.Select(kind => kind.Name).Order(StringComparer.Ordinal), kinds.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sample_SameFile_GivesTheSameSamplesWhateverKindsAreAskedFor()
    {
        CorpusDocument document = new("source/all.cs", "original", Text([.. Enumerable.Range(0, Members.Length)], tabs: true, crlf: false));
        EditSample[] all = [.. new EditSampler(Options).Sample(document, EditKinds.All, heldOutPhrasings: false)];
        EditSample[] some = [.. new EditSampler(Options).Sample(document, EditKinds.All.Reverse().Take(5), heldOutPhrasings: false)];
        Assert.Equal(some.ToHashSet(), all.Where(sample => some.Any(other => other.Kind == sample.Kind)).ToHashSet());
        EditSample[] other = [.. new EditSampler(Options with { Seed = 1 }).Sample(document, EditKinds.All, heldOutPhrasings: false)];
        Assert.NotEqual(all, other);
    }

    [Fact]
    public void Phrasings_OfAllKinds_AreHeldOutAndFilled()
    {
        foreach (IEditKind kind in EditKinds.All)
        {
            Assert.InRange(kind.Phrasings.Count, 4, 20);
            Assert.InRange(kind.HeldOutPhrasings.Count, 2, 20);
            Assert.Empty(kind.Phrasings.Intersect(kind.HeldOutPhrasings, StringComparer.OrdinalIgnoreCase));
        }
        Assert.Equal(EditKinds.All.Count, EditKinds.All.Select(kind => kind.Name).Distinct().Count());
    }

    private static IEnumerable<string> Errors(string text) =>
        CSharpCompilation
            .Create("c", [CSharpSyntaxTree.ParseText(text)], FrameworkReferences.All, new(OutputKind.DynamicallyLinkedLibrary))
            .GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString());
}
