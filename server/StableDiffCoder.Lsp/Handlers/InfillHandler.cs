using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Edits;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>stableDiffCoder/infill: fills the given spans of an open document.</summary>
internal sealed class InfillHandler(ModelWork work, LspRpc rpc)
{
    /// <summary>Waits for the model if it is still loading, then fills.</summary>
    /// <exception cref="LspException">Wrong spans (−32602), a stale version (−32801), no model or a document out of step (−32803).</exception>
    public async Task<InfillResponse> HandleAsync(InfillParams parameters, CancellationToken cancellationToken)
    {
        DocumentSnapshot snapshot = work.Snapshot(parameters.TextDocument);
        int[] order = InDocumentOrder(snapshot, parameters.Spans, out TextSpan[] spans);
        InfillRequest request = CreateRequest(snapshot, [.. order.Select(index => spans[index])], parameters.MaxNewTokens);
        await using CanvasStream? canvases = CanvasStream.Open(parameters.CanvasToken, rpc, order: order);
        InfillResult result = await work.RunAsync(
            snapshot,
            (engine, token) => engine.InfillAsync(request, canvases, token),
            cancellationToken
        );
        return ToResponse(snapshot, result, order);
    }

    private static InfillResponse ToResponse(DocumentSnapshot snapshot, InfillResult result, int[] order)
    {
        var answers = new InfillResponseSpan[order.Length];
        var edits = new List<TextEdit>();
        for (int i = 0; i < order.Length; i++)
        {
            InfilledSpan filled = result.Spans[i];
            string newText = NewText(snapshot, filled);
            edits.AddRange(SmallestEdits.Of(snapshot.Text, filled.Span, newText).Select(edit => ToEdit(snapshot, edit)));
            answers[order[i]] = new InfillResponseSpan
            {
                Range = snapshot.Lines.RangeOf(filled.Span),
                NewText = newText,
                Tokens = filled.Tokens,
                Forwards = filled.Forwards,
                Confidence = filled.Confidences.Count == 0 ? 0 : filled.Confidences.Average(),
            };
        }
        return new InfillResponse
        {
            Version = snapshot.Version,
            Spans = answers,
            Edits = edits,
        };
    }

    private static TextEdit ToEdit(DocumentSnapshot snapshot, Replacement edit) =>
        new() { Range = snapshot.Lines.RangeOf(edit.Span), NewText = edit.NewText };

    // The model's text with the document's line breaks, whole characters and no byte order mark.
    private static string NewText(DocumentSnapshot snapshot, InfilledSpan filled)
    {
        var place = new EditContext(snapshot.Text, snapshot.LanguageId, filled.Span.Start, filled.Span);
        EditOutcome edit = EditingPipeline.Replacement.Apply(place, filled.Text);
        return edit.Silence is null ? edit.NewText : "";
    }

    private static InfillRequest CreateRequest(DocumentSnapshot snapshot, TextSpan[] spans, int? maxNewTokens)
    {
        var options = new InfillOptions();
        var request = new InfillRequest
        {
            Text = snapshot.Text,
            Spans = spans,
            Options = maxNewTokens is int tokens ? options with { MaxNewTokens = tokens } : options,
        };
        try
        {
            request.Validate();
            return request;
        }
        catch (ArgumentException exception)
        {
            throw new LspException(LspErrorCodes.InvalidParams, exception.Message, exception);
        }
    }

    /// <summary>The indices of the spans in the order in which they stand in the document.</summary>
    private static int[] InDocumentOrder(DocumentSnapshot snapshot, IReadOnlyList<TextRange> ranges, out TextSpan[] spans)
    {
        TextSpan[] found = [.. ranges.Select((range, index) => ModelWork.SpanOf(snapshot, range, $"spans[{index}]"))];
        spans = found;
        return [.. Enumerable.Range(0, found.Length).OrderBy(index => found[index].Start).ThenBy(index => found[index].Length)];
    }
}
