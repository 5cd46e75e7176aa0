using System.Text.Json;
using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>workspace/executeCommand: what the client runs when a suggestion is accepted.</summary>
internal sealed class ExecuteCommandHandler(OfferBook book)
{
    /// <summary>Runs a command. An offer that is not known any more is no error.</summary>
    /// <exception cref="LspException">An unknown command or wrong arguments (−32602).</exception>
    public object? Execute(ExecuteCommandParams parameters)
    {
        if (parameters.Command != LspCommands.CompletionAccepted)
        {
            throw new LspException(LspErrorCodes.InvalidParams, $"command is not known; this server has {LspCommands.CompletionAccepted}");
        }
        bool isOne = parameters.Arguments is [{ ValueKind: JsonValueKind.Number }];
        if (!isOne || !parameters.Arguments[0].TryGetInt64(out long id))
        {
            throw new LspException(LspErrorCodes.InvalidParams, "arguments must be the number that the suggestion's command holds");
        }
        book.CommandRan(id);
        return null;
    }
}
