using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.CSharp;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Edits;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;
using StableDiffCoder.Lsp.Settings;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>textDocument/codeAction: what the model could do at a place. Nothing is done before the client runs an action's command.</summary>
internal sealed class CodeActionHandler(
    DocumentStore documents,
    WorkspaceContext context,
    BackgroundEngine engine,
    Session session,
    CurrentSettings settings
)
{
    private const int MostFixes = 8;
    private const int LongestTitle = 80;

    /// <summary>The actions at a place; none where the client could not make the edits, or for a document that is not open, out of step or excluded.</summary>
    public JsonElement[] Handle(CodeActionParams parameters)
    {
        string uri = parameters.TextDocument.Uri;
        if (!session.AppliesEdits || context.Refuse(uri) is not null || documents.Find(uri) is not DocumentSnapshot snapshot)
        {
            return [];
        }
        TextRange range = Settled(snapshot, parameters.Range);
        IEnumerable<CodeAction> actions = Fills(snapshot, range);
        // While the model is loading nobody knows, and the command says so.
        if (engine.Ready?.Description.CanEdit ?? true)
        {
            actions = [.. Fixes(snapshot, parameters.Context.Diagnostics), .. actions, .. Instructions(snapshot, range)];
        }
        return [.. actions.Where(action => IsWanted(action, parameters.Context.Only)).Select(ToElement)];
    }

    private JsonElement ToElement(CodeAction action) =>
        session.TakesCodeActions
            ? JsonSerializer.SerializeToElement(action, LspJson.Default.CodeAction)
            : JsonSerializer.SerializeToElement(action.Command, LspJson.Default.LspCommand);

    private static bool IsWanted(CodeAction action, IReadOnlyList<string>? only) =>
        only is null
        || only.Any(kind => kind.Length == 0 || action.Kind == kind || action.Kind.StartsWith($"{kind}.", StringComparison.Ordinal));

    private IEnumerable<CodeAction> Fills(DocumentSnapshot snapshot, TextRange range)
    {
        TextSpan span = snapshot.Lines.SpanOf(range);
        OptionalVersionedTextDocumentIdentifier document = Identify(snapshot);
        if (span.Length > 0)
        {
            var infill = new InfillParams { TextDocument = document, Spans = [range] };
            yield return Rewrite("Fill the selection", LspCommands.Infill, infill, LspJson.Default.InfillParams);
        }
        if (span.Length == 0 && CSharpText.Of(snapshot) is CSharpText code && MemberHoles.Completing(code, span.Start) is not null)
        {
            var place = new PositionArgument { TextDocument = document, Position = range.Start };
            yield return Rewrite("Complete this member", LspCommands.CompleteMember, place, LspJson.Default.PositionArgument);
        }
        int holes = FileHoles.Of(snapshot, settings.Value.Infill.HoleMarker).Count;
        if (holes > 0)
        {
            string title = holes == 1 ? "Fill the hole in this file" : $"Fill the {holes} holes in this file";
            yield return Rewrite(
                title,
                LspCommands.FillHoles,
                new DocumentArgument { TextDocument = document },
                LspJson.Default.DocumentArgument
            );
        }
    }

    // The client asks its user for the instruction, and adds it to the argument before it runs the command.
    private IEnumerable<CodeAction> Instructions(DocumentSnapshot snapshot, TextRange range)
    {
        if (session.AsksInstructions)
        {
            var place = new RangeArgument { TextDocument = Identify(snapshot), Range = range };
            yield return Rewrite("Edit with an instruction…", LspCommands.Edit, place, LspJson.Default.RangeArgument);
        }
    }

    private static IEnumerable<CodeAction> Fixes(DocumentSnapshot snapshot, IReadOnlyList<JsonElement> diagnostics)
    {
        foreach (JsonElement given in diagnostics.Take(MostFixes))
        {
            if (Read(given) is not Diagnostic diagnostic || string.IsNullOrWhiteSpace(diagnostic.Message))
            {
                continue;
            }
            string message =
                diagnostic.Message.Length <= EditRequest.LongestInstruction
                    ? diagnostic.Message
                    : diagnostic.Message[..EditRequest.LongestInstruction];
            var edit = new EditParams
            {
                TextDocument = Identify(snapshot),
                Range = Settled(snapshot, diagnostic.Range),
                Instruction = message,
            };
            CodeAction action = Rewrite(Title(message), LspCommands.Edit, edit, LspJson.Default.EditParams);
            yield return action with
            {
                Kind = CodeAction.QuickFix,
                Diagnostics = [given],
            };
        }
    }

    private static Diagnostic? Read(JsonElement diagnostic)
    {
        try
        {
            return diagnostic.Deserialize(LspJson.Default.Diagnostic);
        }
        catch (JsonException)
        {
            // Another server's; what it does wrong is no reason to offer nothing else.
            return null;
        }
    }

    private static string Title(string message)
    {
        string line = message.ReplaceLineEndings(" ").Trim();
        return line.Length <= LongestTitle ? $"Fix: {line}" : $"Fix: {line[..LongestTitle]}…";
    }

    // As the text has it, so that no action is offered that its command would refuse.
    private static TextRange Settled(DocumentSnapshot snapshot, TextRange range) => snapshot.Lines.RangeOf(snapshot.Lines.SpanOf(range));

    private static OptionalVersionedTextDocumentIdentifier Identify(DocumentSnapshot snapshot) =>
        new() { Uri = snapshot.Uri, Version = snapshot.Version };

    private static CodeAction Rewrite<T>(string title, string command, T argument, JsonTypeInfo<T> type) =>
        new()
        {
            Title = title,
            Kind = CodeAction.Rewrite,
            Command = new LspCommand
            {
                Title = title,
                Command = command,
                Arguments = [JsonSerializer.SerializeToElement(argument, type)],
            },
        };
}
