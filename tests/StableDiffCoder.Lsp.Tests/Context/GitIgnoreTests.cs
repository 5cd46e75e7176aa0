using System.Diagnostics;
using CsCheck;
using StableDiffCoder.Lsp.Context;

namespace StableDiffCoder.Lsp.Tests.Context;

public sealed class GitIgnoreTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("stable-diffcoder-git");

    public GitIgnoreTests() => Directory.CreateDirectory(Path.Combine(root.FullName, ".git"));

    public void Dispose() => root.Delete(recursive: true);

    [Theory]
    [InlineData("*.log\n", "a.log", true)]
    [InlineData("*.log\n", "deep/er/a.log", true)]
    [InlineData("*.log\n!keep.log\n", "keep.log", false)]
    [InlineData("/a.cs\n", "deep/a.cs", false)]
    [InlineData("build/\n", "deep/build/x.cs", true)]
    [InlineData("build/\n!build/x.cs\n", "build/x.cs", true)]
    [InlineData("docs/*.txt\n", "docs/deep/a.txt", false)]
    [InlineData("docs/**\n", "docs/deep/a.txt", true)]
    [InlineData("# a.cs\n\n", "a.cs", false)]
    [InlineData("\\#a\n", "#a", true)]
    [InlineData("\\!a\n", "!a", true)]
    [InlineData("a.cs   \n", "a.cs", true)]
    [InlineData("a\\ \n", "a ", true)]
    [InlineData("[[:digit:]]x\n", "7x", true)]
    [InlineData("[!a-c]x\n", "dx", true)]
    [InlineData("[!a-c]x\n", "bx", false)]
    [InlineData("[]-]x\n", "]x", true)]
    [InlineData("[z-a]\n", "b", false)]
    [InlineData("[a\n", "[a", false)]
    [InlineData("a\\\n", "a", false)]
    public void IsIgnored_OneFile_IsAsGitSays(string patterns, string path, bool expected)
    {
        Write(".gitignore", patterns);
        Assert.Equal(expected, IsIgnored(path));
    }

    [Fact]
    public void IsIgnored_DeeperFile_DecidesLast()
    {
        Write(".gitignore", "*.cs\n");
        Write("keep/.gitignore", "!*.cs\n/own.cs\n");
        Write("o[d]d/.gitignore", "/x.txt\n");
        Assert.True(IsIgnored("a.cs"));
        Assert.False(IsIgnored("keep/a.cs"));
        Assert.False(IsIgnored("keep/deep/own.cs"));
        Assert.True(IsIgnored("keep/own.cs"));
        Assert.True(IsIgnored("o[d]d/x.txt"));
        Assert.False(IsIgnored("odd/x.txt"));
    }

    [Fact]
    public void RootOf_FolderWithoutGit_IsNone()
    {
        Assert.Equal(root.FullName, GitIgnore.RootOf(Path.Combine(root.FullName, "a", "b")));
        Assert.Null(GitIgnore.RootOf(Path.GetTempPath()));
    }

    [GitFact]
    public void IsIgnored_AnyPatterns_IsAsGitSays()
    {
        Git("init -q");
        string[] names = ["a", "b", "ab.cs", "x.log"];
        Gen<string> pattern =
            from bang in OneOf("", "", "", "", "!")
            from lead in OneOf("", "", "/", "**/", "a/", "*/")
            from name in OneOf("a", "b", "*.cs", "x.log", "?b.cs", "*", "[ab]", "**")
            from tail in OneOf("", "", "", "/", "/**", "/*.log")
            select bang + lead + name + tail;
        Gen<string> file = OneOf(names).Array[1, 3].Select(parts => string.Join('/', parts));
        Gen.Select(pattern.Array[1, 4], pattern.Array[0, 2], file.Array[6])
            .Sample(
                (outer, inner, files) =>
                {
                    Write(".gitignore", string.Join('\n', outer) + "\n");
                    Write("a/.gitignore", string.Join('\n', inner) + "\n");
                    // "a" is a folder here.
                    string[] asked = [.. files.Distinct().Where(file => file != "a")];
                    string[] expected = Git("check-ignore --no-index --stdin", string.Join('\n', asked) + "\n")
                        .Split('\n', StringSplitOptions.RemoveEmptyEntries);
                    Assert.Equal(expected.Order(), asked.Where(IsIgnored).Order());
                },
                iter: 150,
                threads: 1
            );
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private bool IsIgnored(string path) =>
        new GitIgnore(root.FullName).IsIgnored(
            Path.Combine(root.FullName, path.Replace('/', Path.DirectorySeparatorChar)),
            isFolder: false
        );

    private void Write(string path, string text)
    {
        string full = Path.Combine(root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private string Git(string arguments, string input = "")
    {
        var start = new ProcessStartInfo("git", $"-c core.excludesFile= {arguments}")
        {
            WorkingDirectory = root.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process git = Process.Start(start)!;
        git.StandardInput.Write(input);
        git.StandardInput.Close();
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return output;
    }
}
