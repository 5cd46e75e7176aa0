using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Tests.Context;

public sealed class ContextSourceTests
{
    private const string Here = "file:///w/Here.cs";

    private readonly DocumentStore documents = new();
    private readonly SymbolIndex index = new();
    private readonly RecentRegions regions = new();
    private readonly ContextSource source;
    private readonly ContextOptions options = new();

    public ContextSourceTests()
    {
        var exclusions = new Exclusions();
        exclusions.Use(new ExclusionOptions { GitIgnored = false }, [Path.GetFullPath("/w")]);
        source = new ContextSource(index, regions, documents, exclusions, () => options);
        documents.Opened += regions.Opened;
        documents.Changed += regions.Changed;
        documents.Gone += regions.Closed;
        Declare("Account", "public class Account { public void Withdraw() { } }");
        Declare("Journal", "public class Journal { public void Post() { } }");
    }

    [Fact]
    public void Snippets_TypingOn_AreHeldStill()
    {
        const string Typed = "account.Withdraw();\n    int rest = account.Count";
        IReadOnlyList<ContextSnippet> first = Ask("class A { void B(Account account) {\n    ", " } }");
        Assert.NotEmpty(first);
        for (int length = 1; length <= Typed.Length; length++)
        {
            Assert.Same(first, Ask($"class A {{ void B(Account account) {{\n    {Typed[..length]}", " } }"));
        }
    }

    [Fact]
    public void Snippets_NewNameOfTheWorkspace_ComesIn()
    {
        IReadOnlyList<ContextSnippet> first = Ask("class A { void B(Account account) {\n    ", " } }");
        IReadOnlyList<ContextSnippet> next = Ask("class A { void B(Account account) {\n    Journal j", " } }");
        Assert.DoesNotContain("Journal.cs", first.Select(snippet => snippet.Path));
        Assert.Equal(["Account.cs", "Journal.cs"], next.Select(snippet => snippet.Path).Order());
    }

    [Fact]
    public void Snippets_CursorFarAwayOrOtherFilesChanged_AreChosenAnew()
    {
        string far = string.Concat(Enumerable.Repeat("// nothing\n", 40));
        IReadOnlyList<ContextSnippet> first = Ask("class A { void B(Account account) {\n    ", $" }} }}\n{far}class C {{ Account b; }}");
        Assert.Same(first, Ask("class A { void B(Account account) {\n    ", $" }} }}\n{far}class C {{ Account b; }}"));
        Assert.NotSame(first, Ask($"class A {{ void B(Account account) {{\n    }} }}\n{far}class C {{ Account b; ", "}"));
        IReadOnlyList<ContextSnippet> held = Ask("class A { void B(Account account) {\n    ", " } }");
        source.Refreshed([DocumentPath.Of(Here)!]);
        source.Changed(Here);
        Assert.Same(held, Ask("class A { void B(Account account) {\n    ", " } }"));
        Declare("Account", "public class Account { public int Balance; }");
        source.Refreshed([Path.GetFullPath("/w/Account.cs")]);
        Assert.Contains("public int Balance;", Ask("class A { void B(Account account) {\n    ", " } }")[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Snippets_RecentlyEditedPlaceOfAClosedDocument_IsShown()
    {
        const string Uri = "file:///w/Ledger.txt";
        string far = string.Concat(Enumerable.Range(0, 60).Select(i => $"int filler{i};\n"));
        Open(Uri, far + far);
        documents.Change(
            new DidChangeTextDocumentParams
            {
                TextDocument = new VersionedTextDocumentIdentifier { Uri = Uri, Version = 2 },
                ContentChanges = [new TextDocumentContentChange { Text = $"{far}ledger.Post(journalEntry);\n{far}" }],
            }
        );
        documents.Close(Uri);
        IReadOnlyList<ContextSnippet> shown = Ask("ledger.Undo(journalEntry); ledger.", "");
        ContextSnippet snippet = Assert.Single(shown, snippet => snippet.Path == "Ledger.txt");
        Assert.Contains("ledger.Post(journalEntry);", snippet.Text, StringComparison.Ordinal);
        Assert.InRange(snippet.Text.Split('\n').Length, 1, CodeWindows.Lines);
    }

    [Fact]
    public void Regions_ManyPlaces_KeepTheNewestFew()
    {
        for (int i = 0; i < 100; i++)
        {
            regions.Visited(new DocumentSnapshot($"file:///w/{i}.cs", "csharp", 1, $"class Type{i};", CancellationToken.None), 0);
        }
        Assert.InRange(regions.All.Count, 1, 32);
        Assert.Equal("file:///w/99.cs", regions.All[0].Uri);
        DocumentSnapshot one = new("file:///w/99.cs", "csharp", 1, "class Type;\nint b;", CancellationToken.None);
        int before = regions.All.Count;
        regions.Visited(one, one.Text.Length);
        Assert.Equal(before, regions.All.Count);
    }

    private void Declare(string name, string text) =>
        index.Set(Path.GetFullPath($"/w/{name}.cs"), SymbolReader.Read(text, CancellationToken.None));

    private void Open(string uri, string text) =>
        documents.Open(
            new TextDocumentItem
            {
                Uri = uri,
                LanguageId = "csharp",
                Version = 1,
                Text = text,
            }
        );

    private IReadOnlyList<ContextSnippet> Ask(string before, string behind) =>
        source.Snippets(new DocumentSnapshot(Here, "csharp", 1, before + behind, CancellationToken.None), before.Length);
}
