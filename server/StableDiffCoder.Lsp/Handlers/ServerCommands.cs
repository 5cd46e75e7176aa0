using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.CSharp;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Edits;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;
using StableDiffCoder.Lsp.Settings;
using StreamJsonRpc;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>The commands <c>stableDiffCoder.server.*</c>: has the model write, and asks the client to put that into the document.</summary>
internal sealed class ServerCommands(
    ModelWork work,
    InfillHandler infill,
    EditHandler edit,
    Session session,
    CurrentSettings settings,
    LspRpc rpc
)
{
    private const int MemberTokens = 128;

    /// <summary>Runs a command; ends when the client has made the edits.</summary>
    /// <exception cref="LspException">As the request behind the command; wrong arguments (−32602), nothing to do or an edit that the client did not
    /// make (−32803).</exception>
    public Task RunAsync(ExecuteCommandParams parameters, CancellationToken cancellationToken) =>
        parameters.Command switch
        {
            LspCommands.Infill => FillAsync(Argument(parameters, LspJson.Default.InfillParams), "Fill the selection", cancellationToken),
            LspCommands.FillHoles => FillAsync(
                Holes(Argument(parameters, LspJson.Default.DocumentArgument)),
                "Fill every hole",
                cancellationToken
            ),
            LspCommands.CompleteMember => FillAsync(
                Member(Argument(parameters, LspJson.Default.PositionArgument)),
                "Complete this member",
                cancellationToken
            ),
            LspCommands.Edit => EditAsync(Argument(parameters, LspJson.Default.EditParams), cancellationToken),
            _ => throw new LspException(
                LspErrorCodes.InvalidParams,
                $"command is not known; this server has {string.Join(", ", LspCommands.All)}"
            ),
        };

    private async Task FillAsync(InfillParams parameters, string label, CancellationToken cancellationToken)
    {
        InfillResponse filled = await infill.HandleAsync(parameters, cancellationToken);
        var document = new VersionedTextDocumentIdentifier { Uri = parameters.TextDocument.Uri, Version = filled.Version };
        var changes = new WorkspaceEdit
        {
            DocumentChanges = filled.Edits.Count == 0 ? [] : [new TextDocumentEdit { TextDocument = document, Edits = filled.Edits }],
        };
        await ApplyAsync(label, changes, cancellationToken);
    }

    private async Task EditAsync(EditParams parameters, CancellationToken cancellationToken) =>
        await ApplyAsync("Edit by instruction", await edit.HandleAsync(parameters, cancellationToken), cancellationToken);

    private InfillParams Holes(DocumentArgument argument)
    {
        DocumentSnapshot snapshot = work.Snapshot(argument.TextDocument);
        string marker = settings.Value.Infill.HoleMarker;
        IReadOnlyList<TextSpan> holes = FileHoles.Of(snapshot, marker);
        return holes.Count > 0
            ? new InfillParams { TextDocument = argument.TextDocument, Spans = [.. holes.Select(snapshot.Lines.RangeOf)] }
            : throw new LspException(
                LspErrorCodes.RequestFailed,
                $"the file has no hole: no {marker} in its code, and no method without a body"
            );
    }

    private InfillParams Member(PositionArgument argument)
    {
        DocumentSnapshot snapshot = work.Snapshot(argument.TextDocument);
        int cursor = snapshot.Lines.OffsetAt(argument.Position);
        TextSpan? place = CSharpText.Of(snapshot) is CSharpText code ? MemberHoles.Completing(code, cursor) : null;
        return place is TextSpan span
            ? new InfillParams
            {
                TextDocument = argument.TextDocument,
                Spans = [snapshot.Lines.RangeOf(span)],
                MaxNewTokens = MemberTokens,
            }
            : throw new LspException(LspErrorCodes.RequestFailed, "the cursor is in no member of a C# file; put it into one");
    }

    private async Task ApplyAsync(string label, WorkspaceEdit changes, CancellationToken cancellationToken)
    {
        if (changes.DocumentChanges is not { Count: > 0 })
        {
            return;
        }
        WorkspaceEdit taken = session.TakesDocumentChanges ? changes : changes.ToPlain();
        var parameters = new ApplyWorkspaceEditParams { Label = label, Edit = taken };
        ApplyWorkspaceEditResult? answer;
        try
        {
            JsonElement result = await rpc.RequestAsync(
                LspMethods.ApplyEdit,
                parameters,
                LspJson.Default.ApplyWorkspaceEditParams,
                cancellationToken
            );
            answer = result.Deserialize(LspJson.Default.ApplyWorkspaceEditResult);
        }
        catch (Exception exception) when (exception is JsonException or RemoteRpcException)
        {
            throw new LspException(LspErrorCodes.RequestFailed, $"the client did not make the edit: {exception.Message}", exception);
        }
        if (answer is not { Applied: true })
        {
            throw new LspException(
                LspErrorCodes.RequestFailed,
                $"the client did not make the edit: {answer?.FailureReason ?? "it does not say why"}"
            );
        }
    }

    private static T Argument<T>(ExecuteCommandParams parameters, JsonTypeInfo<T> type)
    {
        try
        {
            return parameters.Arguments is [{ ValueKind: JsonValueKind.Object } argument]
                ? argument.Deserialize(type)!
                : throw new LspException(LspErrorCodes.InvalidParams, $"{parameters.Command} takes one argument, an object");
        }
        catch (JsonException exception)
        {
            throw new LspException(LspErrorCodes.InvalidParams, $"{parameters.Command}: {exception.Message}", exception);
        }
    }
}
