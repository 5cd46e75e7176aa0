using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>
/// Told every decision of inline completion; statistics and status are made of it. Called from any thread, must be quick and must not throw.
/// </summary>
internal interface ICompletionJournal
{
    /// <summary>An answer with suggestions left for the client. That it is shown is not known. One that is typed through is told once.</summary>
    void Offered(CompletionOffer offer);

    /// <summary>An offer was taken. Told once for each offer, and never after <see cref="Abandoned"/>.</summary>
    /// <param name="id"><see cref="CompletionOffer.Id"/>.</param>
    /// <param name="how">How that is known.</param>
    void Accepted(long id, Acceptance how);

    /// <summary>The document became another than the offer's, or was closed. Told once for each offer, and never after <see cref="Accepted"/>.</summary>
    /// <param name="id"><see cref="CompletionOffer.Id"/>.</param>
    void Abandoned(long id);

    /// <summary>A request was answered with nothing.</summary>
    void Silenced(CompletionSilence silence);
}

/// <summary>How an acceptance is known.</summary>
internal enum Acceptance
{
    /// <summary>The client ran the item's command.</summary>
    Command,

    /// <summary>The document now has the whole text: typed, or taken by a client that runs no commands.</summary>
    Text,
}

/// <summary>An answer with suggestions.</summary>
internal sealed record CompletionOffer
{
    /// <value>Grows by one with each offer of a session.</value>
    public required long Id { get; init; }

    /// <value>The document's name, as the client spells it.</value>
    public required string Uri { get; init; }

    /// <value>Whether the user asked.</value>
    public required bool Invoked { get; init; }

    /// <value>Number of suggestions.</value>
    public required int Items { get; init; }

    /// <value>Whether it was prepared ahead, after an acceptance.</value>
    public bool Prepared { get; init; }

    /// <value>How sure the model is of the first one, 0 to 1.</value>
    public required double Confidence { get; init; }

    /// <value>New tokens of the first one.</value>
    public int Tokens { get; init; }

    /// <value>Time from the request to the answer.</value>
    public TimeSpan Elapsed { get; init; }

    /// <value>Names of the editing rules that changed the first one.</value>
    public IReadOnlyList<string> Fired { get; init; } = [];
}

/// <summary>A request that was answered with nothing.</summary>
internal sealed record CompletionSilence
{
    /// <value>The document's name, as the client spells it.</value>
    public required string Uri { get; init; }

    /// <value>0-based line of the cursor.</value>
    public required int Line { get; init; }

    /// <value>Whether the user asked.</value>
    public required bool Invoked { get; init; }

    /// <value>The rule, and the reason in words without source text.</value>
    public required Silence Why { get; init; }

    /// <value>Names of the editing rules that changed the text before it was dropped, the silencing one last.</value>
    public IReadOnlyList<string> Fired { get; init; } = [];
}

/// <summary>Keeps nothing.</summary>
internal sealed class NoCompletionJournal : ICompletionJournal
{
    /// <inheritdoc/>
    public void Offered(CompletionOffer offer) { }

    /// <inheritdoc/>
    public void Accepted(long id, Acceptance how) { }

    /// <inheritdoc/>
    public void Abandoned(long id) { }

    /// <inheritdoc/>
    public void Silenced(CompletionSilence silence) { }
}
