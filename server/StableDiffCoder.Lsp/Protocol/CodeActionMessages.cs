using System.Text.Json;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>What can be done with a piece of a document
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#textDocument_codeAction">spec</see>).</summary>
internal sealed record CodeActionParams
{
    /// <value>The document.</value>
    public required TextDocumentIdentifier TextDocument { get; init; }

    /// <value>The selection, or the cursor.</value>
    public required TextRange Range { get; init; }

    /// <value>What is known there and wanted.</value>
    public required CodeActionContext Context { get; init; }
}

/// <summary>What is known at a place, and what is wanted there.</summary>
internal sealed record CodeActionContext
{
    /// <value>Diagnostics of any server, given back as they came.</value>
    public IReadOnlyList<JsonElement> Diagnostics { get; set; } = [];

    /// <value>Kinds that are wanted; null wants all.</value>
    public IReadOnlyList<string>? Only { get; init; }
}

/// <summary>What this server reads of a diagnostic
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#diagnostic">spec</see>).</summary>
internal sealed record Diagnostic
{
    /// <value>Where it is.</value>
    public required TextRange Range { get; init; }

    /// <value>What it says.</value>
    public required string Message { get; init; }
}

/// <summary>Something that can be done
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#codeAction">spec</see>).</summary>
internal sealed record CodeAction
{
    /// <summary>The <see cref="Kind"/> of what mends a diagnostic.</summary>
    public const string QuickFix = "quickfix";

    /// <summary>The <see cref="Kind"/> of what writes code anew.</summary>
    public const string Rewrite = "refactor.rewrite";

    /// <value>For people.</value>
    public required string Title { get; init; }

    /// <value>One of the constants.</value>
    public required string Kind { get; init; }

    /// <value>What it mends.</value>
    public IReadOnlyList<JsonElement>? Diagnostics { get; init; }

    /// <value>What does it.</value>
    public required LspCommand Command { get; init; }
}

/// <summary>The kinds of code actions that this server has
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#codeActionOptions">spec</see>).</summary>
internal sealed record CodeActionOptions
{
    /// <value>All of them.</value>
    public IReadOnlyList<string> CodeActionKinds { get; init; } = [CodeAction.QuickFix, CodeAction.Rewrite];
}
