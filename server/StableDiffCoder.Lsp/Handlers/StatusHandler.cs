using System.Globalization;
using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;
using StableDiffCoder.Lsp.Statistics;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>stableDiffCoder/status, statistics and clearStatistics.</summary>
internal sealed class StatusHandler(
    BackgroundEngine engine,
    EngineMeter meter,
    DocumentStore documents,
    CompletionStatistics statistics,
    StatisticsFile file,
    Session session,
    WorkspaceContext context,
    LanguageServerOptions options,
    ILogger logger
)
{
    /// <summary>How the server is now.</summary>
    public StatusParams Status()
    {
        DayCounts counts = statistics.Session;
        EngineDescription? description = engine.Ready?.Description;
        return new StatusParams
        {
            State = engine.State.ToString().ToLowerInvariant(),
            Problem = engine.Problem,
            Model = description?.Model,
            Device = description?.Device,
            DataType = description?.DataType,
            Parameters = description?.Parameters,
            ContextLength = description?.ContextLength,
            Queue = meter.Queue,
            TokensPerSecond = Round(meter.TokensPerSecond, 1),
            CacheHitRate = Round(meter.CacheHitRate, 3),
            Documents = documents.Count,
            OutOfStep = [.. documents.Uris.Where(uri => documents.ProblemOf(uri) is not null).Order(StringComparer.Ordinal)],
            Folders = session.Folders,
            IndexedFiles = context.IndexedFiles,
            Indexing = context.IsIndexing,
            Offered = counts.Offered,
            Accepted = counts.AcceptedByCommand + counts.AcceptedByText,
            Abandoned = counts.Abandoned,
            Silenced = counts.Silenced.Values.Sum(),
            Decisions = [.. statistics.Decisions.Select(Show)],
            StateFolder = options.StateFolder,
        };
    }

    /// <summary>All counts of this machine, this session's included.</summary>
    public async Task<StatisticsResponse> StatisticsAsync(CancellationToken cancellationToken)
    {
        await SaveAsync();
        IReadOnlyList<DayCounts> days = options.StateFolder is null ? [statistics.Session] : await file.ReadAsync();
        return new StatisticsResponse
        {
            Days =
            [
                .. days.Select(day => new StatisticsDay
                {
                    Date = day.Date.ToString("O", CultureInfo.InvariantCulture),
                    Offered = day.Offered,
                    AcceptedByCommand = day.AcceptedByCommand,
                    AcceptedByText = day.AcceptedByText,
                    Abandoned = day.Abandoned,
                    Silenced = day.Silenced,
                }),
            ],
        };
    }

    /// <summary>Forgets all counts of this machine.</summary>
    public async Task<object?> ClearAsync(CancellationToken cancellationToken)
    {
        statistics.Clear();
        await file.ClearAsync();
        return null;
    }

    /// <summary>Keeps what was counted since the last time.</summary>
    public async Task SaveAsync()
    {
        IReadOnlyList<DayCounts> counts = statistics.TakeUnsaved();
        try
        {
            if (counts.Count > 0 && session.KeepsStatistics)
            {
                await file.AddAsync(counts);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.StatisticsNotKept(logger, exception);
        }
    }

    private static StatusDecision Show(Decision decision) =>
        new()
        {
            Time = decision.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            Uri = decision.Offer?.Uri ?? decision.Silence!.Uri,
            Line = decision.Silence?.Line,
            Invoked = decision.Offer?.Invoked ?? decision.Silence!.Invoked,
            Items = decision.Offer?.Items ?? 0,
            Confidence = Round(decision.Offer?.Confidence, 3),
            Rule = decision.Silence?.Why.Rule,
            Reason = decision.Silence?.Why.Reason,
            Fired = decision.Offer?.Fired ?? decision.Silence!.Fired,
        };

    private static double? Round(double? value, int digits) =>
        value is double number && double.IsFinite(number) ? Math.Round(number, digits) : null;
}
