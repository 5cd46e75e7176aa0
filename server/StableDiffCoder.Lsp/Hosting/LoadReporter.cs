using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Protocol;
using StreamJsonRpc;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>
/// Tells the user how each loading goes: a progress bar where the client has them, and one message when it fails, unless the same was said
/// before. A client may create progress only after <c>initialized</c>; reports made before are kept until then.
/// </summary>
internal sealed class LoadReporter(LspRpc rpc, Session session, BackgroundEngine engine, ILogger logger)
{
    private const string Token = "stable-diffcoder/load";
    private string? told;

    /// <summary>Reports until the session is over.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int number = 0;
        try
        {
            await foreach (ModelLoad load in engine.Loads.ReadAllAsync(cancellationToken))
            {
                string token = number++ == 0 ? Token : $"{Token}/{number}";
                await Task.WhenAll(ShowFailureAsync(load, cancellationToken), ShowProgressAsync(load, token, cancellationToken));
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                Log.ProgressFailed(logger, exception);
            }
        }
    }

    private static bool IsEnd(Exception exception) =>
        exception is OperationCanceledException or RemoteRpcException or ObjectDisposedException or IOException;

    private async Task ShowFailureAsync(ModelLoad load, CancellationToken cancellationToken)
    {
        Exception? failure = await load.Outcome.WaitAsync(cancellationToken);
        if (failure is not null && failure.Message != told)
        {
            told = failure.Message;
            var message = new ShowMessageParams { Type = ShowMessageParams.Error, Message = $"No completions: {failure.Message}" };
            await rpc.NotifyAsync(LspMethods.ShowMessage, message, LspJson.Default.ShowMessageParams);
        }
    }

    private async Task ShowProgressAsync(ModelLoad load, string token, CancellationToken cancellationToken)
    {
        if (!session.ShowsWorkDoneProgress)
        {
            return;
        }
        try
        {
            await session.Initialized.WaitAsync(cancellationToken);
            var create = new WorkDoneProgressCreateParams { Token = token };
            await rpc.RequestAsync(
                LspMethods.CreateWorkDoneProgress,
                create,
                LspJson.Default.WorkDoneProgressCreateParams,
                cancellationToken
            );
            await TellAllAsync(load, token, cancellationToken);
        }
        catch (Exception exception) when (IsEnd(exception) && !cancellationToken.IsCancellationRequested)
        {
            // The client refused the progress; loading goes on without an audience.
            Log.ProgressFailed(logger, exception);
        }
    }

    private async Task TellAllAsync(ModelLoad load, string token, CancellationToken cancellationToken)
    {
        int percentage = 0;
        await TellAsync(
            token,
            new WorkDoneProgress
            {
                Kind = "begin",
                Title = "Loading the code model",
                Percentage = 0,
            }
        );
        await ReportAsync(token, "starting", 0);
        await foreach (ModelLoadProgress news in load.Progress.ReadAllAsync(cancellationToken))
        {
            int next = (int)(100 * Math.Clamp(news.Fraction, 0, 1));
            if (next > percentage)
            {
                percentage = next;
                await ReportAsync(token, news.Message, next);
            }
        }
        bool isReady = await load.Outcome.WaitAsync(cancellationToken) is null;
        string outcome = isReady ? "ready" : "failed";
        await ReportAsync(token, outcome, isReady ? 100 : percentage);
        await TellAsync(token, new WorkDoneProgress { Kind = "end", Message = outcome });
    }

    private Task ReportAsync(string token, string message, int percentage) =>
        TellAsync(
            token,
            new WorkDoneProgress
            {
                Kind = "report",
                Message = message,
                Percentage = percentage,
            }
        );

    private Task TellAsync(string token, WorkDoneProgress value) =>
        rpc.NotifyAsync(LspMethods.Progress, new ProgressParams { Token = token, Value = value }, LspJson.Default.ProgressParams);
}
