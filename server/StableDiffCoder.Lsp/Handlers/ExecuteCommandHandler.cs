using System.Text.Json;
using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>workspace/executeCommand: what the client runs when a suggestion is accepted, and what its user chose of the code actions.</summary>
internal sealed class ExecuteCommandHandler(OfferBook book, ServerCommands commands)
{
    /// <summary>Runs a command. An offer that is not known any more is no error.</summary>
    /// <exception cref="LspException">An unknown command or wrong arguments (−32602), or what the command's work ends with.</exception>
    public async Task<object?> HandleAsync(ExecuteCommandParams parameters, CancellationToken cancellationToken)
    {
        if (parameters.Command == LspCommands.CompletionAccepted)
        {
            Accept(parameters.Arguments);
        }
        else
        {
            await commands.RunAsync(parameters, cancellationToken);
        }
        return null;
    }

    private void Accept(IReadOnlyList<JsonElement> arguments)
    {
        bool isOne = arguments is [{ ValueKind: JsonValueKind.Number }];
        if (!isOne || !arguments[0].TryGetInt64(out long id))
        {
            throw new LspException(LspErrorCodes.InvalidParams, "arguments must be the number that the suggestion's command holds");
        }
        book.CommandRan(id);
    }
}
