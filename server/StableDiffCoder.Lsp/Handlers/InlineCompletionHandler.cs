using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;
using StableDiffCoder.Lsp.Requests;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>
/// textDocument/inlineCompletion: what the model would write at the cursor. Null, never an error, whenever there is nothing to show: editors
/// pop errors up, and this is asked at every key.
/// </summary>
internal sealed class InlineCompletionHandler(
    DocumentStore documents,
    BackgroundEngine engine,
    NewestRequest newest,
    LanguageServerOptions options,
    ILogger logger
)
{
    /// <summary>One suggestion, or null.</summary>
    /// <exception cref="OperationCanceledException">The client itself cancelled; it expects −32800 then.</exception>
    public async Task<InlineCompletionList?> HandleAsync(InlineCompletionParams parameters, CancellationToken cancellationToken)
    {
        if (documents.Find(parameters.TextDocument.Uri) is not DocumentSnapshot snapshot || engine.Ready is not IInfillEngine ready)
        {
            return null;
        }
        using NewestRequest.Turn turn = newest.Begin(snapshot.Uri, cancellationToken, snapshot.Stale);
        try
        {
            EditContext place = PlaceOf(snapshot, parameters);
            if (EditingPipeline.Inline.Refuse(place) is not null)
            {
                return null;
            }
            InfillRequest request = CreateRequest(place);
            InfillResult result = await Task.Run(() => ready.InfillAsync(request, null, turn.Token), turn.Token);
            cancellationToken.ThrowIfCancellationRequested();
            return turn.Token.IsCancellationRequested ? null : Suggest(snapshot, place, result.Spans[0]);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The engine is broken in a way nobody foresaw; the user types on, the log knows.
            Log.RequestFailed(logger, LspMethods.InlineCompletion, exception);
            return null;
        }
    }

    private EditContext PlaceOf(DocumentSnapshot snapshot, InlineCompletionParams parameters) =>
        new(snapshot.Text, snapshot.LanguageId, snapshot.Lines.OffsetAt(parameters.Position), null, options.Editing)
        {
            Invoked = parameters.Context?.TriggerKind == InlineCompletionContext.Invoked,
        };

    private InfillRequest CreateRequest(EditContext place) =>
        new()
        {
            Text = place.Text,
            Spans = [place.Replaced],
            Options = new InfillOptions
            {
                MaxNewTokens = place.Shape.Kind == ShapeKind.Line ? options.InlineLineTokens : options.InlineBlockTokens,
                Threshold = options.InlineThreshold,
                StopStrings = place.Shape.StopStrings,
            },
        };

    private static InlineCompletionList? Suggest(DocumentSnapshot snapshot, EditContext place, InfilledSpan filled)
    {
        EditOutcome edit = EditingPipeline.Inline.Apply(place, filled.Text, filled.Stop is InfillStop.Length or InfillStop.Deadline);
        return edit.Silence is not null
            ? null
            : new InlineCompletionList
            {
                Items = [new InlineCompletionItem { InsertText = edit.NewText, Range = snapshot.Lines.RangeOf(edit.Range) }],
            };
    }
}
