// Made by generate.ts (`npm run generate`) from the .graphql files beside it: don't edit.

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type CheckConclusionState =
  | 'ACTION_REQUIRED'
  | 'CANCELLED'
  | 'FAILURE'
  | 'NEUTRAL'
  | 'SKIPPED'
  | 'STALE'
  | 'STARTUP_FAILURE'
  | 'SUCCESS'
  | 'TIMED_OUT';

export type CheckStatusState =
  | 'COMPLETED'
  | 'IN_PROGRESS'
  | 'PENDING'
  | 'QUEUED'
  | 'REQUESTED'
  | 'WAITING';

export type IssueState =
  | 'CLOSED'
  | 'OPEN';

export type MergeableState =
  | 'CONFLICTING'
  | 'MERGEABLE'
  | 'UNKNOWN';

export type PullRequestReviewState =
  | 'APPROVED'
  | 'CHANGES_REQUESTED'
  | 'COMMENTED'
  | 'DISMISSED'
  | 'PENDING';

export type PullRequestState =
  | 'CLOSED'
  | 'MERGED'
  | 'OPEN';

export type ReactionContent =
  | 'CONFUSED'
  | 'EYES'
  | 'HEART'
  | 'HOORAY'
  | 'LAUGH'
  | 'ROCKET'
  | 'THUMBS_DOWN'
  | 'THUMBS_UP';

export type StatusState =
  | 'ERROR'
  | 'EXPECTED'
  | 'FAILURE'
  | 'PENDING'
  | 'SUCCESS';

export type LookIssueQueryVariables = Exact<{
  owner: string;
  name: string;
  number: number;
  branches: string;
  pulls: Array<string | number>;
}>;


export type LookIssueQuery = { repository: { id: string, databaseId: number | null, name: string, isArchived: boolean, owner:
      | { login: string }
      | { login: string }
    , defaultBranchRef: { name: string, target:
        | { oid: string }
        | { oid: string }
        | { oid: string }
        | { oid: string }
       | null } | null, settings:
      | { __typename: 'Blob', text: string | null, isTruncated: boolean }
      | { __typename: 'Commit' }
      | { __typename: 'Tag' }
      | { __typename: 'Tree' }
     | null, labels: RepositoryLabelsFragment | null, refs: RefsFragment | null, issueOrPullRequest:
      | (
        { __typename: 'Issue' }
        & IssueFieldsFragment
      )
      | { __typename: 'PullRequest', headRefName: string, isCrossRepository: boolean }
     | null } | null, pulls: Array<
    | PullFieldsFragment
    | Record<PropertyKey, never>
   | null>, rateLimit: { cost: number, remaining: number, resetAt: string } | null };

export type RepositoryLabelsFragment = { nodes: Array<{ id: string, name: string } | null> | null, pageInfo: PageFragment };

export type RefsFragment = { nodes: Array<{ id: string, prefix: string, name: string, target:
      | { oid: string }
      | { oid: string }
      | { oid: string }
      | { oid: string }
     | null, associatedPullRequests: PullNamesFragment } | null> | null, pageInfo: PageFragment };

export type PullNamesFragment = { nodes: Array<{ id: string, isCrossRepository: boolean, headRefName: string, author:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null } | null> | null, pageInfo: PageFragment };

export type IssueFieldsFragment = { id: string, number: number, url: string, title: string, body: string, state: IssueState, createdAt: string, author:
    | Actor_Bot_Fragment
    | Actor_EnterpriseUserAccount_Fragment
    | Actor_Mannequin_Fragment
    | Actor_Organization_Fragment
    | Actor_User_Fragment
   | null, labels: IssueLabelsFragment | null, comments: CommentsFragment, timelineItems: IssueEventsFragment, userContentEdits: EditsFragment | null };

export type IssueLabelsFragment = { nodes: Array<{ name: string } | null> | null, pageInfo: PageFragment };

export type IssueEventsFragment = { nodes: Array<
    | { __typename: 'AddedToProjectEvent' }
    | { __typename: 'AssignedEvent' }
    | { __typename: 'ClosedEvent', id: string, createdAt: string, actor:
        | Actor_Bot_Fragment
        | Actor_EnterpriseUserAccount_Fragment
        | Actor_Mannequin_Fragment
        | Actor_Organization_Fragment
        | Actor_User_Fragment
       | null }
    | { __typename: 'CommentDeletedEvent' }
    | { __typename: 'ConnectedEvent' }
    | { __typename: 'ConvertedNoteToIssueEvent' }
    | { __typename: 'ConvertedToDiscussionEvent' }
    | { __typename: 'CrossReferencedEvent' }
    | { __typename: 'DemilestonedEvent' }
    | { __typename: 'DisconnectedEvent' }
    | { __typename: 'IssueComment' }
    | { __typename: 'LabeledEvent', id: string, createdAt: string, actor:
        | Actor_Bot_Fragment
        | Actor_EnterpriseUserAccount_Fragment
        | Actor_Mannequin_Fragment
        | Actor_Organization_Fragment
        | Actor_User_Fragment
       | null, label: { name: string } }
    | { __typename: 'LockedEvent' }
    | { __typename: 'MarkedAsDuplicateEvent' }
    | { __typename: 'MentionedEvent' }
    | { __typename: 'MilestonedEvent' }
    | { __typename: 'MovedColumnsInProjectEvent' }
    | { __typename: 'ParentIssueAddedEvent' }
    | { __typename: 'ParentIssueRemovedEvent' }
    | { __typename: 'PinnedEvent' }
    | { __typename: 'ReferencedEvent' }
    | { __typename: 'RemovedFromProjectEvent' }
    | { __typename: 'RenamedTitleEvent', id: string, createdAt: string, previousTitle: string, currentTitle: string, actor:
        | Actor_Bot_Fragment
        | Actor_EnterpriseUserAccount_Fragment
        | Actor_Mannequin_Fragment
        | Actor_Organization_Fragment
        | Actor_User_Fragment
       | null }
    | { __typename: 'ReopenedEvent', id: string, createdAt: string, actor:
        | Actor_Bot_Fragment
        | Actor_EnterpriseUserAccount_Fragment
        | Actor_Mannequin_Fragment
        | Actor_Organization_Fragment
        | Actor_User_Fragment
       | null }
    | { __typename: 'SubIssueAddedEvent' }
    | { __typename: 'SubIssueRemovedEvent' }
    | { __typename: 'SubscribedEvent' }
    | { __typename: 'TransferredEvent' }
    | { __typename: 'UnassignedEvent' }
    | { __typename: 'UnlabeledEvent', id: string, createdAt: string, actor:
        | Actor_Bot_Fragment
        | Actor_EnterpriseUserAccount_Fragment
        | Actor_Mannequin_Fragment
        | Actor_Organization_Fragment
        | Actor_User_Fragment
       | null, label: { name: string } }
    | { __typename: 'UnlockedEvent' }
    | { __typename: 'UnmarkedAsDuplicateEvent' }
    | { __typename: 'UnpinnedEvent' }
    | { __typename: 'UnsubscribedEvent' }
    | { __typename: 'UserBlockedEvent' }
   | null> | null, pageInfo: PageFragment };

export type EditsFragment = { nodes: Array<{ editedAt: string, deletedAt: string | null, diff: string | null, editor:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null } | null> | null, pageInfo: PageFragment };

export type LookPullsQueryVariables = Exact<{
  pulls: Array<string | number>;
}>;


export type LookPullsQuery = { pulls: Array<
    | PullFieldsFragment
    | Record<PropertyKey, never>
   | null> };

export type LookBranchQueryVariables = Exact<{
  repository: string | number;
  branch: string;
}>;


export type LookBranchQuery = { node:
    | { pullRequests: PullNamesFragment }
    | Record<PropertyKey, never>
   | null };

export type NextRefsQueryVariables = Exact<{
  id: string | number;
  branches: string;
  after?: string | null | undefined;
}>;


export type NextRefsQuery = { node:
    | { page: RefsFragment | null }
    | Record<PropertyKey, never>
   | null };

export type NextRepositoryLabelsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextRepositoryLabelsQuery = { node:
    | { page: RepositoryLabelsFragment | null }
    | Record<PropertyKey, never>
   | null };

export type NextPullNamesQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextPullNamesQuery = { node:
    | { page: PullNamesFragment }
    | Record<PropertyKey, never>
   | null };

export type NextIssueLabelsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextIssueLabelsQuery = { node:
    | { page: IssueLabelsFragment | null }
    | Record<PropertyKey, never>
   | null };

export type NextIssueEventsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextIssueEventsQuery = { node:
    | { page: IssueEventsFragment }
    | Record<PropertyKey, never>
   | null };

export type NextEditsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextEditsQuery = { node:
    | { page: EditsFragment | null }
    | Record<PropertyKey, never>
   | null };

export type NextCommentsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextCommentsQuery = { node:
    | { page: CommentsFragment }
    | { page: CommentsFragment }
    | Record<PropertyKey, never>
   | null };

export type NextContextsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextContextsQuery = { node:
    | { page: ContextsFragment }
    | Record<PropertyKey, never>
   | null };

export type NextReviewsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextReviewsQuery = { node:
    | { page: ReviewsFragment | null }
    | Record<PropertyKey, never>
   | null };

export type NextThreadsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextThreadsQuery = { node:
    | { page: ThreadsFragment }
    | Record<PropertyKey, never>
   | null };

export type NextThreadCommentsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextThreadCommentsQuery = { node:
    | { page: ThreadCommentsFragment }
    | Record<PropertyKey, never>
   | null };

export type NextReviewRequestsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextReviewRequestsQuery = { node:
    | { page: ReviewRequestsFragment | null }
    | Record<PropertyKey, never>
   | null };

export type PullFieldsFragment = { __typename: 'PullRequest', id: string, number: number, url: string, title: string, headRefName: string, baseRefName: string, isCrossRepository: boolean, isDraft: boolean, state: PullRequestState, mergeable: MergeableState, createdAt: string, closedAt: string | null, mergedAt: string | null, author:
    | Actor_Bot_Fragment
    | Actor_EnterpriseUserAccount_Fragment
    | Actor_Mannequin_Fragment
    | Actor_Organization_Fragment
    | Actor_User_Fragment
   | null, mergedBy:
    | Actor_Bot_Fragment
    | Actor_EnterpriseUserAccount_Fragment
    | Actor_Mannequin_Fragment
    | Actor_Organization_Fragment
    | Actor_User_Fragment
   | null, closings: { nodes: Array<
      | { __typename: 'AddedToMergeQueueEvent' }
      | { __typename: 'AddedToProjectEvent' }
      | { __typename: 'AssignedEvent' }
      | { __typename: 'AutoMergeDisabledEvent' }
      | { __typename: 'AutoMergeEnabledEvent' }
      | { __typename: 'AutoRebaseEnabledEvent' }
      | { __typename: 'AutoSquashEnabledEvent' }
      | { __typename: 'AutomaticBaseChangeFailedEvent' }
      | { __typename: 'AutomaticBaseChangeSucceededEvent' }
      | { __typename: 'BaseRefChangedEvent' }
      | { __typename: 'BaseRefDeletedEvent' }
      | { __typename: 'BaseRefForcePushedEvent' }
      | { __typename: 'ClosedEvent', createdAt: string, actor:
          | Actor_Bot_Fragment
          | Actor_EnterpriseUserAccount_Fragment
          | Actor_Mannequin_Fragment
          | Actor_Organization_Fragment
          | Actor_User_Fragment
         | null }
      | { __typename: 'CommentDeletedEvent' }
      | { __typename: 'ConnectedEvent' }
      | { __typename: 'ConvertToDraftEvent' }
      | { __typename: 'ConvertedNoteToIssueEvent' }
      | { __typename: 'ConvertedToDiscussionEvent' }
      | { __typename: 'CrossReferencedEvent' }
      | { __typename: 'DemilestonedEvent' }
      | { __typename: 'DeployedEvent' }
      | { __typename: 'DeploymentEnvironmentChangedEvent' }
      | { __typename: 'DisconnectedEvent' }
      | { __typename: 'HeadRefDeletedEvent' }
      | { __typename: 'HeadRefForcePushedEvent' }
      | { __typename: 'HeadRefRestoredEvent' }
      | { __typename: 'IssueComment' }
      | { __typename: 'LabeledEvent' }
      | { __typename: 'LockedEvent' }
      | { __typename: 'MarkedAsDuplicateEvent' }
      | { __typename: 'MentionedEvent' }
      | { __typename: 'MergedEvent' }
      | { __typename: 'MilestonedEvent' }
      | { __typename: 'MovedColumnsInProjectEvent' }
      | { __typename: 'ParentIssueAddedEvent' }
      | { __typename: 'ParentIssueRemovedEvent' }
      | { __typename: 'PinnedEvent' }
      | { __typename: 'PullRequestCommit' }
      | { __typename: 'PullRequestCommitCommentThread' }
      | { __typename: 'PullRequestReview' }
      | { __typename: 'PullRequestReviewThread' }
      | { __typename: 'PullRequestRevisionMarker' }
      | { __typename: 'ReadyForReviewEvent' }
      | { __typename: 'ReferencedEvent' }
      | { __typename: 'RemovedFromMergeQueueEvent' }
      | { __typename: 'RemovedFromProjectEvent' }
      | { __typename: 'RenamedTitleEvent' }
      | { __typename: 'ReopenedEvent' }
      | { __typename: 'ReviewDismissedEvent' }
      | { __typename: 'ReviewRequestRemovedEvent' }
      | { __typename: 'ReviewRequestedEvent' }
      | { __typename: 'SubIssueAddedEvent' }
      | { __typename: 'SubIssueRemovedEvent' }
      | { __typename: 'SubscribedEvent' }
      | { __typename: 'TransferredEvent' }
      | { __typename: 'UnassignedEvent' }
      | { __typename: 'UnlabeledEvent' }
      | { __typename: 'UnlockedEvent' }
      | { __typename: 'UnmarkedAsDuplicateEvent' }
      | { __typename: 'UnpinnedEvent' }
      | { __typename: 'UnsubscribedEvent' }
      | { __typename: 'UserBlockedEvent' }
     | null> | null }, commits: { nodes: Array<{ commit: { oid: string, committedDate: string, statusCheckRollup: { id: string, contexts: ContextsFragment } | null } } | null> | null }, comments: CommentsFragment, reviews: ReviewsFragment | null, reviewThreads: ThreadsFragment, reviewRequests: ReviewRequestsFragment | null };

export type ContextsFragment = { nodes: Array<
    | { __typename: 'CheckRun', databaseId: number | null, name: string, status: CheckStatusState, conclusion: CheckConclusionState | null, title: string | null, summary: string | null, text: string | null, detailsUrl: string | null, checkSuite: { id: string, app: { slug: string } | null }, annotations: { totalCount: number, nodes: Array<{ path: string, message: string, location: { start: { line: number } } } | null> | null } | null }
    | { __typename: 'StatusContext', id: string, context: string, state: StatusState, description: string | null, targetUrl: string | null, creator:
        | Actor_Bot_Fragment
        | Actor_EnterpriseUserAccount_Fragment
        | Actor_Mannequin_Fragment
        | Actor_Organization_Fragment
        | Actor_User_Fragment
       | null }
   | null> | null, pageInfo: PageFragment };

export type ReviewsFragment = { nodes: Array<{ fullDatabaseId: string | null, state: PullRequestReviewState, body: string, createdAt: string, submittedAt: string | null, author:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null, comments: { totalCount: number } } | null> | null, pageInfo: PageFragment };

export type ThreadsFragment = { nodes: Array<{ id: string, isResolved: boolean, path: string, line: number | null, originalLine: number | null, comments: ThreadCommentsFragment } | null> | null, pageInfo: PageFragment };

export type ThreadCommentsFragment = { nodes: Array<{ id: string, fullDatabaseId: string | null, body: string, createdAt: string, author:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null, editor:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null, reactionGroups: Array<{ content: ReactionContent, viewerHasReacted: boolean }> | null, pullRequestReview: { fullDatabaseId: string | null } | null } | null> | null, pageInfo: PageFragment };

export type ReviewRequestsFragment = { nodes: Array<{ requestedReviewer:
      | { __typename: 'Bot', login: string }
      | { __typename: 'Mannequin', login: string }
      | { __typename: 'Team' }
      | { __typename: 'User', login: string }
     | null } | null> | null, pageInfo: PageFragment };

export type PageFragment = { hasNextPage: boolean, endCursor: string | null };

type Actor_Bot_Fragment = { __typename: 'Bot', login: string };

type Actor_EnterpriseUserAccount_Fragment = { __typename: 'EnterpriseUserAccount', login: string };

type Actor_Mannequin_Fragment = { __typename: 'Mannequin', login: string };

type Actor_Organization_Fragment = { __typename: 'Organization', login: string };

type Actor_User_Fragment = { __typename: 'User', login: string };

export type ActorFragment =
  | Actor_Bot_Fragment
  | Actor_EnterpriseUserAccount_Fragment
  | Actor_Mannequin_Fragment
  | Actor_Organization_Fragment
  | Actor_User_Fragment
;

export type CommentsFragment = { nodes: Array<{ id: string, fullDatabaseId: string | null, body: string, createdAt: string, author:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null, editor:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null, reactionGroups: Array<{ content: ReactionContent, viewerHasReacted: boolean }> | null } | null> | null, pageInfo: PageFragment };

export const LookIssueDocument = /* GraphQL */ `
query LookIssue($owner: String!, $name: String!, $number: Int!, $branches: String!, $pulls: [ID!]!) {
  repository(owner: $owner, name: $name) {
    id
    databaseId
    name
    owner {
      login
    }
    isArchived
    defaultBranchRef {
      name
      target {
        oid
      }
    }
    settings: object(expression: "HEAD:.github/coxswain.yml") {
      __typename
      ... on Blob {
        text
        isTruncated
      }
    }
    labels(first: 100, query: "agent:") {
      ...RepositoryLabels
    }
    refs(refPrefix: $branches, first: 100) {
      ...Refs
    }
    issueOrPullRequest(number: $number) {
      __typename
      ... on Issue {
        ...IssueFields
      }
      ... on PullRequest {
        headRefName
        isCrossRepository
      }
    }
  }
  pulls: nodes(ids: $pulls) {
    ...PullFields
  }
  rateLimit {
    cost
    remaining
    resetAt
  }
}
fragment RepositoryLabels on LabelConnection {
  nodes {
    id
    name
  }
  pageInfo {
    ...Page
  }
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
fragment Refs on RefConnection {
  nodes {
    id
    prefix
    name
    target {
      oid
    }
    associatedPullRequests(first: 10, orderBy: {field: CREATED_AT, direction: DESC}) {
      ...PullNames
    }
  }
  pageInfo {
    ...Page
  }
}
fragment PullNames on PullRequestConnection {
  nodes {
    id
    isCrossRepository
    headRefName
    author {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  __typename
  login
}
fragment IssueFields on Issue {
  id
  number
  url
  title
  body
  state
  createdAt
  author {
    ...Actor
  }
  labels(first: 100) {
    ...IssueLabels
  }
  comments(first: 100) {
    ...Comments
  }
  timelineItems(
    first: 100
    itemTypes: [LABELED_EVENT, UNLABELED_EVENT, CLOSED_EVENT, REOPENED_EVENT, RENAMED_TITLE_EVENT]
  ) {
    ...IssueEvents
  }
  userContentEdits(first: 100) {
    ...Edits
  }
}
fragment IssueLabels on LabelConnection {
  nodes {
    name
  }
  pageInfo {
    ...Page
  }
}
fragment Comments on IssueCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
  }
  pageInfo {
    ...Page
  }
}
fragment IssueEvents on IssueTimelineItemsConnection {
  nodes {
    __typename
    ... on LabeledEvent {
      id
      createdAt
      actor {
        ...Actor
      }
      label {
        name
      }
    }
    ... on UnlabeledEvent {
      id
      createdAt
      actor {
        ...Actor
      }
      label {
        name
      }
    }
    ... on ClosedEvent {
      id
      createdAt
      actor {
        ...Actor
      }
    }
    ... on ReopenedEvent {
      id
      createdAt
      actor {
        ...Actor
      }
    }
    ... on RenamedTitleEvent {
      id
      createdAt
      actor {
        ...Actor
      }
      previousTitle
      currentTitle
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Edits on UserContentEditConnection {
  nodes {
    editedAt
    deletedAt
    diff
    editor {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment PullFields on PullRequest {
  __typename
  id
  number
  url
  title
  headRefName
  baseRefName
  isCrossRepository
  isDraft
  state
  mergeable
  createdAt
  closedAt
  mergedAt
  author {
    ...Actor
  }
  mergedBy {
    ...Actor
  }
  closings: timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) {
    nodes {
      __typename
      ... on ClosedEvent {
        createdAt
        actor {
          ...Actor
        }
      }
    }
  }
  commits(last: 1) {
    nodes {
      commit {
        oid
        committedDate
        statusCheckRollup {
          id
          contexts(first: 100) {
            ...Contexts
          }
        }
      }
    }
  }
  comments(first: 100) {
    ...Comments
  }
  reviews(first: 100) {
    ...Reviews
  }
  reviewThreads(first: 50) {
    ...Threads
  }
  reviewRequests(first: 100) {
    ...ReviewRequests
  }
}
fragment Contexts on StatusCheckRollupContextConnection {
  nodes {
    __typename
    ... on CheckRun {
      databaseId
      name
      status
      conclusion
      title
      summary
      text
      detailsUrl
      checkSuite {
        id
        app {
          slug
        }
      }
      annotations(first: 20) {
        totalCount
        nodes {
          path
          message
          location {
            start {
              line
            }
          }
        }
      }
    }
    ... on StatusContext {
      id
      context
      state
      description
      targetUrl
      creator {
        ...Actor
      }
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Reviews on PullRequestReviewConnection {
  nodes {
    fullDatabaseId
    state
    body
    createdAt
    submittedAt
    author {
      ...Actor
    }
    comments {
      totalCount
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Threads on PullRequestReviewThreadConnection {
  nodes {
    id
    isResolved
    path
    line
    originalLine
    comments(first: 30) {
      ...ThreadComments
    }
  }
  pageInfo {
    ...Page
  }
}
fragment ThreadComments on PullRequestReviewCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
    pullRequestReview {
      fullDatabaseId
    }
  }
  pageInfo {
    ...Page
  }
}
fragment ReviewRequests on ReviewRequestConnection {
  nodes {
    requestedReviewer {
      __typename
      ... on User {
        login
      }
      ... on Bot {
        login
      }
      ... on Mannequin {
        login
      }
    }
  }
  pageInfo {
    ...Page
  }
}
`;

export const LookPullsDocument = /* GraphQL */ `
query LookPulls($pulls: [ID!]!) {
  pulls: nodes(ids: $pulls) {
    ...PullFields
  }
}
fragment PullFields on PullRequest {
  __typename
  id
  number
  url
  title
  headRefName
  baseRefName
  isCrossRepository
  isDraft
  state
  mergeable
  createdAt
  closedAt
  mergedAt
  author {
    ...Actor
  }
  mergedBy {
    ...Actor
  }
  closings: timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) {
    nodes {
      __typename
      ... on ClosedEvent {
        createdAt
        actor {
          ...Actor
        }
      }
    }
  }
  commits(last: 1) {
    nodes {
      commit {
        oid
        committedDate
        statusCheckRollup {
          id
          contexts(first: 100) {
            ...Contexts
          }
        }
      }
    }
  }
  comments(first: 100) {
    ...Comments
  }
  reviews(first: 100) {
    ...Reviews
  }
  reviewThreads(first: 50) {
    ...Threads
  }
  reviewRequests(first: 100) {
    ...ReviewRequests
  }
}
fragment Actor on Actor {
  __typename
  login
}
fragment Contexts on StatusCheckRollupContextConnection {
  nodes {
    __typename
    ... on CheckRun {
      databaseId
      name
      status
      conclusion
      title
      summary
      text
      detailsUrl
      checkSuite {
        id
        app {
          slug
        }
      }
      annotations(first: 20) {
        totalCount
        nodes {
          path
          message
          location {
            start {
              line
            }
          }
        }
      }
    }
    ... on StatusContext {
      id
      context
      state
      description
      targetUrl
      creator {
        ...Actor
      }
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
fragment Comments on IssueCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Reviews on PullRequestReviewConnection {
  nodes {
    fullDatabaseId
    state
    body
    createdAt
    submittedAt
    author {
      ...Actor
    }
    comments {
      totalCount
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Threads on PullRequestReviewThreadConnection {
  nodes {
    id
    isResolved
    path
    line
    originalLine
    comments(first: 30) {
      ...ThreadComments
    }
  }
  pageInfo {
    ...Page
  }
}
fragment ThreadComments on PullRequestReviewCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
    pullRequestReview {
      fullDatabaseId
    }
  }
  pageInfo {
    ...Page
  }
}
fragment ReviewRequests on ReviewRequestConnection {
  nodes {
    requestedReviewer {
      __typename
      ... on User {
        login
      }
      ... on Bot {
        login
      }
      ... on Mannequin {
        login
      }
    }
  }
  pageInfo {
    ...Page
  }
}
`;

export const LookBranchDocument = /* GraphQL */ `
query LookBranch($repository: ID!, $branch: String!) {
  node(id: $repository) {
    ... on Repository {
      pullRequests(
        headRefName: $branch
        first: 10
        orderBy: {field: CREATED_AT, direction: DESC}
      ) {
        ...PullNames
      }
    }
  }
}
fragment PullNames on PullRequestConnection {
  nodes {
    id
    isCrossRepository
    headRefName
    author {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextRefsDocument = /* GraphQL */ `
query NextRefs($id: ID!, $branches: String!, $after: String) {
  node(id: $id) {
    ... on Repository {
      page: refs(refPrefix: $branches, first: 100, after: $after) {
        ...Refs
      }
    }
  }
}
fragment Refs on RefConnection {
  nodes {
    id
    prefix
    name
    target {
      oid
    }
    associatedPullRequests(first: 10, orderBy: {field: CREATED_AT, direction: DESC}) {
      ...PullNames
    }
  }
  pageInfo {
    ...Page
  }
}
fragment PullNames on PullRequestConnection {
  nodes {
    id
    isCrossRepository
    headRefName
    author {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextRepositoryLabelsDocument = /* GraphQL */ `
query NextRepositoryLabels($id: ID!, $after: String) {
  node(id: $id) {
    ... on Repository {
      page: labels(first: 100, query: "agent:", after: $after) {
        ...RepositoryLabels
      }
    }
  }
}
fragment RepositoryLabels on LabelConnection {
  nodes {
    id
    name
  }
  pageInfo {
    ...Page
  }
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextPullNamesDocument = /* GraphQL */ `
query NextPullNames($id: ID!, $after: String) {
  node(id: $id) {
    ... on Ref {
      page: associatedPullRequests(
        first: 100
        orderBy: {field: CREATED_AT, direction: DESC}
        after: $after
      ) {
        ...PullNames
      }
    }
  }
}
fragment PullNames on PullRequestConnection {
  nodes {
    id
    isCrossRepository
    headRefName
    author {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextIssueLabelsDocument = /* GraphQL */ `
query NextIssueLabels($id: ID!, $after: String) {
  node(id: $id) {
    ... on Issue {
      page: labels(first: 100, after: $after) {
        ...IssueLabels
      }
    }
  }
}
fragment IssueLabels on LabelConnection {
  nodes {
    name
  }
  pageInfo {
    ...Page
  }
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextIssueEventsDocument = /* GraphQL */ `
query NextIssueEvents($id: ID!, $after: String) {
  node(id: $id) {
    ... on Issue {
      page: timelineItems(
        first: 100
        itemTypes: [LABELED_EVENT, UNLABELED_EVENT, CLOSED_EVENT, REOPENED_EVENT, RENAMED_TITLE_EVENT]
        after: $after
      ) {
        ...IssueEvents
      }
    }
  }
}
fragment IssueEvents on IssueTimelineItemsConnection {
  nodes {
    __typename
    ... on LabeledEvent {
      id
      createdAt
      actor {
        ...Actor
      }
      label {
        name
      }
    }
    ... on UnlabeledEvent {
      id
      createdAt
      actor {
        ...Actor
      }
      label {
        name
      }
    }
    ... on ClosedEvent {
      id
      createdAt
      actor {
        ...Actor
      }
    }
    ... on ReopenedEvent {
      id
      createdAt
      actor {
        ...Actor
      }
    }
    ... on RenamedTitleEvent {
      id
      createdAt
      actor {
        ...Actor
      }
      previousTitle
      currentTitle
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextEditsDocument = /* GraphQL */ `
query NextEdits($id: ID!, $after: String) {
  node(id: $id) {
    ... on Issue {
      page: userContentEdits(first: 100, after: $after) {
        ...Edits
      }
    }
  }
}
fragment Edits on UserContentEditConnection {
  nodes {
    editedAt
    deletedAt
    diff
    editor {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextCommentsDocument = /* GraphQL */ `
query NextComments($id: ID!, $after: String) {
  node(id: $id) {
    ... on Issue {
      page: comments(first: 100, after: $after) {
        ...Comments
      }
    }
    ... on PullRequest {
      page: comments(first: 100, after: $after) {
        ...Comments
      }
    }
  }
}
fragment Comments on IssueCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextContextsDocument = /* GraphQL */ `
query NextContexts($id: ID!, $after: String) {
  node(id: $id) {
    ... on StatusCheckRollup {
      page: contexts(first: 100, after: $after) {
        ...Contexts
      }
    }
  }
}
fragment Contexts on StatusCheckRollupContextConnection {
  nodes {
    __typename
    ... on CheckRun {
      databaseId
      name
      status
      conclusion
      title
      summary
      text
      detailsUrl
      checkSuite {
        id
        app {
          slug
        }
      }
      annotations(first: 20) {
        totalCount
        nodes {
          path
          message
          location {
            start {
              line
            }
          }
        }
      }
    }
    ... on StatusContext {
      id
      context
      state
      description
      targetUrl
      creator {
        ...Actor
      }
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextReviewsDocument = /* GraphQL */ `
query NextReviews($id: ID!, $after: String) {
  node(id: $id) {
    ... on PullRequest {
      page: reviews(first: 100, after: $after) {
        ...Reviews
      }
    }
  }
}
fragment Reviews on PullRequestReviewConnection {
  nodes {
    fullDatabaseId
    state
    body
    createdAt
    submittedAt
    author {
      ...Actor
    }
    comments {
      totalCount
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextThreadsDocument = /* GraphQL */ `
query NextThreads($id: ID!, $after: String) {
  node(id: $id) {
    ... on PullRequest {
      page: reviewThreads(first: 50, after: $after) {
        ...Threads
      }
    }
  }
}
fragment Threads on PullRequestReviewThreadConnection {
  nodes {
    id
    isResolved
    path
    line
    originalLine
    comments(first: 30) {
      ...ThreadComments
    }
  }
  pageInfo {
    ...Page
  }
}
fragment ThreadComments on PullRequestReviewCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
    pullRequestReview {
      fullDatabaseId
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextThreadCommentsDocument = /* GraphQL */ `
query NextThreadComments($id: ID!, $after: String) {
  node(id: $id) {
    ... on PullRequestReviewThread {
      page: comments(first: 100, after: $after) {
        ...ThreadComments
      }
    }
  }
}
fragment ThreadComments on PullRequestReviewCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
    pullRequestReview {
      fullDatabaseId
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextReviewRequestsDocument = /* GraphQL */ `
query NextReviewRequests($id: ID!, $after: String) {
  node(id: $id) {
    ... on PullRequest {
      page: reviewRequests(first: 100, after: $after) {
        ...ReviewRequests
      }
    }
  }
}
fragment ReviewRequests on ReviewRequestConnection {
  nodes {
    requestedReviewer {
      __typename
      ... on User {
        login
      }
      ... on Bot {
        login
      }
      ... on Mannequin {
        login
      }
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

