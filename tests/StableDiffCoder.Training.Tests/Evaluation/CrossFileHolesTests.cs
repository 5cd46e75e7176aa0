using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Training.Tests.Evaluation;

public class CrossFileHolesTests
{
    private const string Account = """
        public class Account
        {
            public void Withdraw(decimal amount) { }
            public int Count => 0;
            private int hidden;
        }
        """;

    private const string Use = """
        class Here
        {
            int own;
            void Use(Account account)
            {
                account.Withdraw(amount: 12.5m);
                account.Other(amount: 12.5m);
                this.own.ToString("a long format");
                Console.WriteLine(account.Count + own);
            }
        }
        """;

    [Fact]
    public void Draw_NameOfAnotherFile_IsCutToTheLinesEnd()
    {
        Hole hole = Assert.Single(
            Draw(("A.cs", Account), ("B.cs", Use)),
            hole => hole.Answer.StartsWith("Withdraw", StringComparison.Ordinal)
        );
        Assert.Equal("Withdraw(amount: 12.5m);", hole.Answer);
        Assert.EndsWith("account.", hole.Prefix, StringComparison.Ordinal);
        Assert.Equal($"B.cs#{hole.Prefix.Length}", hole.Id);
        Assert.Equal(Use.ReplaceLineEndings("\n"), hole.Prefix + hole.Answer + hole.Suffix);
    }

    [Fact]
    public void Draw_OtherNames_AreLeftOut()
    {
        IReadOnlyList<Hole> holes = Draw(("A.cs", Account), ("B.cs", Use));
        Assert.DoesNotContain(holes, hole => hole.Answer.StartsWith("Other", StringComparison.Ordinal));
        Assert.DoesNotContain(holes, hole => hole.Answer.StartsWith("own", StringComparison.Ordinal));
        // A second mention in its own file tells the name, and so do many files that declare it.
        Assert.DoesNotContain(Draw(("A.cs", Account), ("B.cs", Use + "// \nclass C { int Withdraw; }")), IsWithdraw);
        string[] more = [.. Enumerable.Range(0, 3).Select(i => $"class C{i} {{ public int Withdraw; }}")];
        Assert.DoesNotContain(Draw([("A.cs", Account), ("B.cs", Use), .. more.Select((text, i) => ($"{i}.cs", text))]), IsWithdraw);
        static bool IsWithdraw(Hole hole) => hole.Answer.StartsWith("Withdraw", StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FolderOrLines_AreTheSameWorkspace()
    {
        using var folder = new TemporaryFolder();
        folder.File("src/A.cs", Account);
        folder.File("src/obj/Made.cs", Use);
        CorpusDocument document = Assert.Single(SourceWorkspace.Read(folder.Root));
        Assert.Equal(("src/A.cs", Account.ReplaceLineEndings("\n")), (document.Path, document.Text));
        string lines = folder.File("lines.jsonl", """{"path":"src/A.cs","style":"original","text":"class A;"}""");
        Assert.Equal(new CorpusDocument("src/A.cs", "original", "class A;"), Assert.Single(SourceWorkspace.Read(lines)));
    }

    private static IReadOnlyList<Hole> Draw(params (string Path, string Text)[] files) =>
        CrossFileHoles.Draw(
            [.. files.Select(file => new CorpusDocument(file.Path, "original", file.Text.ReplaceLineEndings("\n")))],
            new CrossFileHoleOptions()
        );
}
