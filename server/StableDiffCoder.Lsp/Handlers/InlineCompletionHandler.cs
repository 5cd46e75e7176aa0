using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;
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
        var cursor = CursorLine.At(snapshot, parameters.Position);
        using NewestRequest.Turn turn = newest.Begin(snapshot.Uri, cancellationToken, snapshot.Stale);
        try
        {
            InfillRequest request = CreateRequest(snapshot, cursor);
            InfillResult result = await Task.Run(() => ready.InfillAsync(request, null, turn.Token), turn.Token);
            cancellationToken.ThrowIfCancellationRequested();
            return turn.Token.IsCancellationRequested ? null : Suggest(snapshot, cursor, result.Spans[0]);
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

    private InfillRequest CreateRequest(DocumentSnapshot snapshot, CursorLine cursor) =>
        new()
        {
            Text = snapshot.Text,
            Spans = [new TextSpan(cursor.Offset, 0)],
            Options = new InfillOptions
            {
                MaxNewTokens = cursor.OpensBlock ? options.InlineBlockTokens : options.InlineLineTokens,
                Threshold = options.InlineThreshold,
                StopStrings = cursor.OpensBlock ? [] : ["\n"],
            },
        };

    private static InlineCompletionList? Suggest(DocumentSnapshot snapshot, CursorLine cursor, InfilledSpan filled)
    {
        string text = cursor.Trim(filled);
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }
        TextRange range = snapshot.Lines.RangeOf(new TextSpan(cursor.Offset, 0));
        return new InlineCompletionList { Items = [new InlineCompletionItem { InsertText = text, Range = range }] };
    }
}
