using System.Text.Json;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>Every command that this server executes; docs/lsp-extensions.md lists the same ones, which a test checks.</summary>
public static class LspCommands
{
    /// <summary>A suggestion was accepted; its argument is the offer's number. Sent by clients that run the command of an item.</summary>
    public const string CompletionAccepted = "stableDiffCoder.completionAccepted";

    /// <summary>Fills spans; its argument is <see cref="InfillParams"/>.</summary>
    public const string Infill = "stableDiffCoder.server.infill";

    /// <summary>Fills every hole of a file; its argument is <see cref="DocumentArgument"/>.</summary>
    public const string FillHoles = "stableDiffCoder.server.fillHoles";

    /// <summary>Completes the member at a cursor; its argument is <see cref="PositionArgument"/>.</summary>
    public const string CompleteMember = "stableDiffCoder.server.completeMember";

    /// <summary>Rewrites a range by an instruction; its argument is <see cref="EditParams"/>.</summary>
    public const string Edit = "stableDiffCoder.server.edit";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [CompletionAccepted, Infill, FillHoles, CompleteMember, Edit];
}

/// <summary>Something that a client may run
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#command">spec</see>).</summary>
internal sealed record LspCommand
{
    /// <value>For people.</value>
    public required string Title { get; init; }

    /// <value>One of <see cref="LspCommands"/>.</value>
    public required string Command { get; init; }

    /// <value>What the command wants to know.</value>
    public IReadOnlyList<JsonElement> Arguments { get; set; } = [];
}

/// <summary>Runs a command
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#workspace_executeCommand">spec</see>).</summary>
internal sealed record ExecuteCommandParams
{
    /// <value>One of <see cref="LspCommands"/>.</value>
    public required string Command { get; init; }

    /// <value>What the command wants to know.</value>
    public IReadOnlyList<JsonElement> Arguments { get; set; } = [];
}

/// <summary>The argument of a command for a whole document.</summary>
internal sealed record DocumentArgument
{
    /// <value>The document, and perhaps its version.</value>
    public required OptionalVersionedTextDocumentIdentifier TextDocument { get; init; }
}

/// <summary>The argument of a command for a place.</summary>
internal sealed record PositionArgument
{
    /// <value>The document, and perhaps its version.</value>
    public required OptionalVersionedTextDocumentIdentifier TextDocument { get; init; }

    /// <value>The place.</value>
    public required Position Position { get; init; }
}

/// <summary>The argument of a command for a range whose instruction the client adds.</summary>
internal sealed record RangeArgument
{
    /// <value>The document, and perhaps its version.</value>
    public required OptionalVersionedTextDocumentIdentifier TextDocument { get; init; }

    /// <value>The range.</value>
    public required TextRange Range { get; init; }
}

/// <summary>Asks the client to change documents
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#workspace_applyEdit">spec</see>).</summary>
internal sealed record ApplyWorkspaceEditParams
{
    /// <value>For people: what an undo would take back.</value>
    public required string Label { get; init; }

    /// <value>The changes.</value>
    public required WorkspaceEdit Edit { get; init; }
}

/// <summary>What became of an edit that the client was asked to make.</summary>
internal sealed record ApplyWorkspaceEditResult
{
    /// <value>Whether it was made.</value>
    public required bool Applied { get; init; }

    /// <value>Why not.</value>
    public string? FailureReason { get; init; }
}

/// <summary>The commands that this server executes
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#executeCommandOptions">spec</see>).</summary>
internal sealed record ExecuteCommandOptions
{
    /// <value>All of <see cref="LspCommands"/>.</value>
    public IReadOnlyList<string> Commands { get; init; } = LspCommands.All;
}
