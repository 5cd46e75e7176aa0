using System.Text.Json;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>Every command that this server executes; docs/lsp-extensions.md lists the same ones, which a test checks.</summary>
public static class LspCommands
{
    /// <summary>A suggestion was accepted; its argument is the offer's number. Sent by clients that run the command of an item.</summary>
    public const string CompletionAccepted = "stableDiffCoder.completionAccepted";
}

/// <summary>Something that a client may run
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#command">spec</see>).</summary>
internal sealed record LspCommand
{
    /// <value>For people.</value>
    public required string Title { get; init; }

    /// <value>One of <see cref="LspCommands"/>.</value>
    public required string Command { get; init; }

    /// <value>Numbers of offers.</value>
    public IReadOnlyList<long> Arguments { get; init; } = [];
}

/// <summary>Runs a command
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#workspace_executeCommand">spec</see>).</summary>
internal sealed record ExecuteCommandParams
{
    /// <value>One of <see cref="LspCommands"/>.</value>
    public required string Command { get; init; }

    /// <value>What the command wants to know.</value>
    public IReadOnlyList<JsonElement> Arguments { get; init; } = [];
}

/// <summary>The commands that this server executes
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#executeCommandOptions">spec</see>).</summary>
internal sealed record ExecuteCommandOptions
{
    /// <value>All of <see cref="LspCommands"/>.</value>
    public IReadOnlyList<string> Commands { get; init; } = [LspCommands.CompletionAccepted];
}
