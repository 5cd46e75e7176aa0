namespace StableDiffCoder.Lsp.Protocol;

/// <summary>What to suggest at a cursor
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#textDocument_inlineCompletion">spec</see>).</summary>
internal sealed record InlineCompletionParams
{
    /// <value>The document.</value>
    public required TextDocumentIdentifier TextDocument { get; init; }

    /// <value>The cursor.</value>
    public required Position Position { get; init; }

    /// <value>Why it is asked; older clients leave it out.</value>
    public InlineCompletionContext? Context { get; init; }
}

/// <summary>Why a completion is asked for.</summary>
internal sealed record InlineCompletionContext
{
    /// <summary>The <see cref="TriggerKind"/> of a request that the user made.</summary>
    public const int Invoked = 1;

    /// <value>1 invoked by the user, 2 automatic.</value>
    public int TriggerKind { get; init; } = 2;
}

/// <summary>What is suggested.</summary>
internal sealed record InlineCompletionList
{
    /// <value>At least one.</value>
    public required IReadOnlyList<InlineCompletionItem> Items { get; init; }
}

/// <summary>One suggestion.</summary>
internal sealed record InlineCompletionItem
{
    /// <value>What is inserted.</value>
    public required string InsertText { get; init; }

    /// <value>What it replaces; on the cursor's line.</value>
    public required TextRange Range { get; init; }
}
