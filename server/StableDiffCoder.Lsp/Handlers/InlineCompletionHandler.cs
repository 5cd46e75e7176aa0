using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Completions;
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
    ICompletionJournal journal,
    Func<LanguageServerOptions> options,
    ILogger logger
)
{
    private long offers;

    /// <summary>One suggestion, or null.</summary>
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
        using NewestRequest.Turn turn = newest.Begin(snapshot.Uri, cancellationToken, snapshot.Stale);
        try
        {
            EditContext place = PlaceOf(snapshot, parameters);
            if (EditingPipeline.Inline.Refuse(place) is Silence refusal)
            {
                return Silent(parameters, refusal, [refusal.Rule]);
            }
            InfillRequest request = CreateRequest(place);
            InfillResult result = await Task.Run(() => ready.InfillAsync(request, null, turn.Token), turn.Token);
            turn.Token.ThrowIfCancellationRequested();
            return Suggest(snapshot, parameters, place, result);
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

    private EditContext PlaceOf(DocumentSnapshot snapshot, InlineCompletionParams parameters) =>
        new(snapshot.Text, snapshot.LanguageId, snapshot.Lines.OffsetAt(parameters.Position), null, options().Editing)
        {
            Invoked = IsInvoked(parameters),
        };

    private InfillRequest CreateRequest(EditContext place)
    {
        InlineCompletionOptions inline = options().InlineCompletion;
        return new InfillRequest
        {
            Text = place.Text,
            Spans = [place.Replaced],
            Options = new InfillOptions
            {
                MaxNewTokens = place.Shape.Kind == ShapeKind.Line ? inline.LineTokens : inline.BlockTokens,
                Threshold = inline.Threshold,
                StopStrings = place.Shape.StopStrings,
            },
        };
    }

    private InlineCompletionList? Suggest(
        DocumentSnapshot snapshot,
        InlineCompletionParams parameters,
        EditContext place,
        InfillResult result
    )
    {
        InfilledSpan filled = result.Spans[0];
        EditOutcome edit = EditingPipeline.Inline.Apply(place, filled.Text, filled.Stop is InfillStop.Length or InfillStop.Deadline);
        if (edit.Silence is Silence silence)
        {
            return Silent(parameters, silence, edit.Fired);
        }
        journal.Offered(
            new CompletionOffer
            {
                Id = Interlocked.Increment(ref offers),
                Uri = snapshot.Uri,
                Invoked = place.Invoked,
                Items = 1,
                Confidence = filled.Confidences.DefaultIfEmpty(0).Average(),
                Tokens = filled.Tokens,
                Elapsed = TimeSpan.FromMilliseconds(result.Milliseconds),
                Fired = edit.Fired,
            }
        );
        return new InlineCompletionList
        {
            Items = [new InlineCompletionItem { InsertText = edit.NewText, Range = snapshot.Lines.RangeOf(edit.Range) }],
        };
    }

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
