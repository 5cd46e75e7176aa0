using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Documents;

namespace StableDiffCoder.Lsp.Tests.Completions;

/// <summary>What becomes of an offer is told once.</summary>
public sealed class OfferBookTests
{
    private const string Uri = "file:///a.cs";
    private readonly RecordingJournal journal = new();
    private readonly List<(string Text, int End)> accepted = [];
    private readonly OfferBook book;

    public OfferBookTests()
    {
        book = new OfferBook(journal);
        book.TextAccepted += (snapshot, end) => accepted.Add((snapshot.Text, end));
    }

    [Fact]
    public void Changed_TypedThrough_IsAcceptedAtTheEnd()
    {
        Offer("a = |", "b;");
        Change("a = b");
        Assert.Equal(["offered 1"], journal.Entries);
        Change("a = b;");
        Change("a = b;\n");
        Assert.Equal(["offered 1", "accepted 1 Text"], journal.Entries);
        Assert.Equal([("a = b;", 6)], accepted);
    }

    [Fact]
    public void Changed_ToSomethingElse_IsAbandonedOnce()
    {
        Offer("a = |", "b;");
        Change("a = c");
        Change("a = b;");
        book.CommandRan(1);
        Assert.Equal(["offered 1", "abandoned 1"], journal.Entries);
        Assert.Empty(accepted);
    }

    [Fact]
    public void CommandRan_BeforeOrAfterTheChange_IsAcceptedOnce()
    {
        Offer("a = |", "b;");
        book.CommandRan(1);
        Change("a = b;");
        Offer("a = |", "c;");
        Change("a = c;");
        book.CommandRan(2);
        book.CommandRan(3);
        Assert.Equal(["offered 1", "accepted 1 Command", "offered 2", "accepted 2 Text"], journal.Entries);
    }

    [Fact]
    public void Changed_OneOfSeveralCandidates_IsAccepted()
    {
        Offer("a = |", invoked: true, "b;", "c;");
        Change("a = c");
        Assert.Equal([";"], Left("a = c|", invoked: true));
        Change("a = c;");
        Assert.Equal(["offered 1 invoked", "accepted 1 Text"], journal.Entries);
    }

    [Fact]
    public void Closed_OpenOffers_AreAbandonedAndForgotten()
    {
        Offer("a = |", "b;");
        book.Closed("file:///other.cs");
        book.Closed(Uri);
        Assert.Equal(["offered 1", "abandoned 1"], journal.Entries);
        Assert.Null(Left("a = |"));
    }

    [Fact]
    public void Continue_AfterAnUndo_IsOfferedAnew()
    {
        Offer("a = |", "b;");
        Change("a = c");
        Change("a = ");
        Assert.Equal(["b;"], Left("a = |"));
        Change("a = b;");
        Assert.Equal(["offered 1", "abandoned 1", "offered 2", "accepted 2 Text"], journal.Entries);
    }

    [Fact]
    public void Continue_WhoAsks_WantsAChoice()
    {
        Offer("a = |", "b;");
        Assert.Null(Left("a = |", invoked: true));
        Assert.Equal(["b;"], Left("a = |"));
        Offer("a = |", invoked: true, "b;", "bc;", "d;");
        Assert.Equal([";", "c;"], Left("a = b|", invoked: true));
        Assert.Equal([";"], Left("a = b|"));
    }

    [Fact]
    public void Continue_OtherDocumentOrPlace_IsNothing()
    {
        Offer("a = |", "b;");
        Assert.Null(book.Continue(Place("a = |", false, "file:///other.cs")));
        Assert.Null(Left("a =| "));
    }

    [Fact]
    public void Add_MoreThanAreKept_ForgetsTheOldest()
    {
        for (int i = 0; i < 4; i++)
        {
            Offer($"a{i} = |", "b;", kept: 3);
        }
        Assert.Null(Left("a0 = |"));
        Assert.Equal(["b;"], Left("a3 = |"));
        Assert.Equal("abandoned 1", journal.Entries[^1]);
    }

    private void Offer(string place, string text, int kept = 32) => Offer(place, false, kept, text);

    private void Offer(string place, bool invoked, params string[] texts) => Offer(place, invoked, 32, texts);

    private void Offer(string place, bool invoked, int kept, params string[] texts)
    {
        CompletionPlace at = Place(place, invoked, Uri, kept);
        CompletionCandidate[] candidates =
        [
            .. texts.Select(text => new CompletionCandidate
            {
                Range = new TextSpan(at.Cursor, 0),
                NewText = text,
                Confidence = 1,
            }),
        ];
        book.Add(at, candidates, TimeSpan.Zero);
    }

    private IEnumerable<string>? Left(string place, bool invoked = false) =>
        book.Continue(Place(place, invoked))?.Left.Select(candidate => candidate.NewText);

    private void Change(string text) => book.Changed(Snapshot(text));

    private static CompletionPlace Place(string marked, bool invoked, string uri = Uri, int kept = 32) =>
        new(
            Snapshot(marked.Replace("|", "", StringComparison.Ordinal), uri),
            marked.IndexOf('|', StringComparison.Ordinal),
            invoked,
            new LanguageServerOptions { InlineCompletion = new InlineCompletionOptions { KeptOffers = kept } }
        );

    private static DocumentSnapshot Snapshot(string text, string uri = Uri) => new(uri, "csharp", 1, text, CancellationToken.None);
}
