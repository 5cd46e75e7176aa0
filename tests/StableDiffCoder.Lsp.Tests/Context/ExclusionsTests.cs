using StableDiffCoder.Lsp.Context;

namespace StableDiffCoder.Lsp.Tests.Context;

public sealed class ExclusionsTests
{
    [Theory]
    [InlineData("file:///w/.env", true)]
    [InlineData("file:///w/deep/.env.production", true)]
    [InlineData("file:///w/prod.env", true)]
    [InlineData("file://localhost/w/.env", true)]
    [InlineData("file://LOCALHOST/w/deep/prod.env", true)]
    [InlineData("file://server/share/.env", true)]
    [InlineData("file://localhost/w/generated/A.cs", true)]
    [InlineData("file:///w/certs/site.PEM", true)]
    [InlineData("file:///w/site%2Epfx", true)]
    [InlineData("file:///home/u/.ssh/config", true)]
    [InlineData("file:///home/u/id_rsa", true)]
    [InlineData("/w/.env", true)]
    [InlineData("vscode-vfs://github/o/r/.env", true)]
    [InlineData("untitled:.env", true)]
    [InlineData("file:///w/generated/deep/A.cs", true)]
    [InlineData("file:///elsewhere/generated/A.cs", false)]
    [InlineData("file:///w/Environment.cs", false)]
    [InlineData("file:///w/Keys.cs", false)]
    [InlineData("untitled:Untitled-1", false)]
    [InlineData("", false)]
    [InlineData("file:///%00", false)]
    [InlineData("::::", false)]
    public void Refuse_AnyName_TellsSecretsAndGlobs(string uri, bool expected)
    {
        var exclusions = new Exclusions();
        exclusions.Use(new ExclusionOptions { Globs = ["generated/**"], GitIgnored = false }, [Path.GetFullPath("/w")]);
        Assert.Equal(expected, exclusions.Refuse(uri) is not null);
        Assert.True(!expected || exclusions.Refuse(uri)!.Rule == "Excluded");
    }

    [Fact]
    public void Refuse_OtherSettings_AreTakenAtOnce()
    {
        var exclusions = new Exclusions();
        Assert.NotNull(exclusions.Refuse("file:///w/a.key"));
        exclusions.Use(new ExclusionOptions { Secrets = [] }, []);
        Assert.Null(exclusions.Refuse("file:///w/a.key"));
    }

    [Theory]
    [InlineData("file:///a/b%20c.cs", "/a/b c.cs")]
    [InlineData("FILE:///a/b.cs", "/a/b.cs")]
    [InlineData("file:///a/../b.cs", "/b.cs")]
    [InlineData("file://localhost/a/b%20c.cs", "/a/b c.cs")]
    [InlineData("untitled:a", null)]
    [InlineData("nonsense", null)]
    public void DocumentPath_OfAName_IsTheFile(string uri, string? expected) =>
        Assert.Equal(expected is null ? null : Path.GetFullPath(expected), DocumentPath.Of(uri));
}
