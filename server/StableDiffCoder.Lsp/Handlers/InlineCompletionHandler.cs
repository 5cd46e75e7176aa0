using System.Text.Json;
using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>
/// textDocument/inlineCompletion: what the model would write at the cursor. Null, never an error, whenever there is nothing to show: editors
/// pop errors up, and this is asked at every key.
/// </summary>
internal sealed class InlineCompletionHandler(
    DocumentStore documents,
    BackgroundEngine engine,
    InlineCompleter completer,
    ICompletionJournal journal,
    WorkspaceContext context,
    Func<LanguageServerOptions> options,
    ILogger logger
)
{
    /// <summary>Suggestions, or null.</summary>
    /// <exception cref="OperationCanceledException">The client itself cancelled; it expects −32800 then.</exception>
    public async Task<InlineCompletionList?> HandleAsync(InlineCompletionParams parameters, CancellationToken cancellationToken)
    {
        if (documents.Find(parameters.TextDocument.Uri) is not DocumentSnapshot snapshot)
        {
            return Silent(parameters, new Silence("NotOpen", "the document is not open"));
        }
        if (engine.Ready is not IInfillEngine ready)
        {
            return Silent(parameters, new Silence("NoModel", "no model is loaded"));
        }
        try
        {
            CompletionPlace place = PlaceOf(snapshot, parameters);
            (long id, CompletionResult result) = await completer.AnswerAsync(place, ready, cancellationToken);
            return result.Silence is Silence silence
                ? Silent(parameters, silence, result.Fired)
                : new InlineCompletionList { Items = [.. result.Candidates.Select(candidate => ItemOf(snapshot, id, candidate))] };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Silent(parameters, new Silence("Superseded", "the document or a newer request overtook it"));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The engine is broken in a way nobody foresaw; the user types on, the log knows.
            Log.RequestFailed(logger, LspMethods.InlineCompletion, exception);
            return Silent(parameters, new Silence("Failed", "the request failed inside the server; its log says more"));
        }
    }

    private static bool IsInvoked(InlineCompletionParams parameters) => parameters.Context?.TriggerKind == InlineCompletionContext.Invoked;

    private CompletionPlace PlaceOf(DocumentSnapshot snapshot, InlineCompletionParams parameters)
    {
        SelectedEntry? selected = parameters.Context?.SelectedCompletionInfo is SelectedCompletionInfo info
            ? new SelectedEntry(snapshot.Lines.SpanOf(info.Range), info.Text)
            : null;
        int cursor = snapshot.Lines.OffsetAt(parameters.Position);
        context.Visited(snapshot, cursor);
        return new CompletionPlace(snapshot, cursor, IsInvoked(parameters), options(), selected)
        {
            Snippets = () => context.Snippets(snapshot, cursor),
        };
    }

    private static InlineCompletionItem ItemOf(DocumentSnapshot snapshot, long id, CompletionCandidate candidate) =>
        new()
        {
            InsertText = candidate.NewText,
            // It begins with what stands in the range before the cursor, and has the characters behind it in their order.
            FilterText = candidate.NewText,
            Range = snapshot.Lines.RangeOf(candidate.Range),
            Command = new LspCommand
            {
                Title = "Accepted",
                Command = LspCommands.CompletionAccepted,
                Arguments = [JsonSerializer.SerializeToElement(id, LspJson.Default.Int64)],
            },
        };

    private InlineCompletionList? Silent(InlineCompletionParams parameters, Silence why, IReadOnlyList<string>? fired = null)
    {
        journal.Silenced(
            new CompletionSilence
            {
                Uri = parameters.TextDocument.Uri,
                Line = parameters.Position.Line,
                Invoked = IsInvoked(parameters),
                Why = why,
                Fired = fired ?? [],
            }
        );
        return null;
    }
}
